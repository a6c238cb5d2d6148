using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Payments.Setup;
using Interledger.Net.Receipts;

namespace Codius.Web.Tests.Payments.Setup;

public sealed class ReceiptSecretsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly HostSecret First = new([.. Enumerable.Repeat((byte)1, 32)]);
    private static readonly HostSecret Second = new([.. Enumerable.Repeat((byte)2, 32)]);
    private static readonly AccountId Hello = AccountId.OfApp("hello");
    private static readonly AccountId Other = AccountId.OfApp("other");

    [Fact]
    public void The_secret_of_a_nonce_follows_from_the_nonce_and_the_account()
    {
        var secrets = new ReceiptSecrets(new HostSecrets(First, []));

        var (nonce, secret) = secrets.Issue(Now, Hello, 9);

        Assert.Equal(secret, Assert.Single(secrets.Candidates(nonce, Hello)));
        Assert.NotEqual(secret, Assert.Single(secrets.Candidates(nonce, Other)));
    }

    [Fact]
    public void An_unbound_nonce_has_one_secret_for_all_accounts()
    {
        var secrets = new ReceiptSecrets(new HostSecrets(First, []));

        var (nonce, secret) = secrets.Issue(Now, null, 9);

        Assert.True(IssuedNonce.Read(nonce).Unbound);
        Assert.Equal(secret, Assert.Single(secrets.Candidates(nonce, Other)));
    }

    [Fact]
    public void A_bound_nonce_does_not_become_unbound_by_changing_its_flag()
    {
        var secrets = new ReceiptSecrets(new HostSecrets(First, []));
        var (nonce, secret) = secrets.Issue(Now, Hello, 9);

        var bytes = new byte[ReceiptNonce.Length];
        nonce.CopyTo(bytes);
        bytes[4] ^= 1;

        Assert.DoesNotContain(secret, secrets.Candidates(new ReceiptNonce(bytes), Hello));
    }

    [Fact]
    public void The_scale_of_a_nonce_cannot_be_changed()
    {
        var secrets = new ReceiptSecrets(new HostSecrets(First, []));
        var (nonce, secret) = secrets.Issue(Now, Hello, 9);

        var bytes = new byte[ReceiptNonce.Length];
        nonce.CopyTo(bytes);
        bytes[4] = 2 << 1;

        Assert.Equal(1, IssuedNonce.Read(new ReceiptNonce(bytes)).Scale);
        Assert.DoesNotContain(secret, secrets.Candidates(new ReceiptNonce(bytes), Hello));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(30)]
    public void A_nonce_says_when_and_for_which_scale_it_was_issued(int scale)
    {
        var secrets = new ReceiptSecrets(new HostSecrets(First, []));

        Assert.Equal(new IssuedNonce(Now, Unbound: false, First.KeyId, scale), IssuedNonce.Read(secrets.Issue(Now, Hello, scale).Nonce));
        Assert.Equal(new IssuedNonce(Now, Unbound: true, First.KeyId, scale), IssuedNonce.Read(secrets.Issue(Now, null, scale).Nonce));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_nonce_of_an_earlier_release_says_no_scale(byte flags, bool unbound)
    {
        var bytes = new byte[ReceiptNonce.Length];
        bytes[4] = flags;

        var read = IssuedNonce.Read(new ReceiptNonce(bytes));

        Assert.Equal((null, unbound), (read.Scale, read.Unbound));
    }

    [Fact]
    public void After_a_change_of_the_hosts_secret_earlier_nonces_are_still_believed()
    {
        var (nonce, secret) = new ReceiptSecrets(new HostSecrets(First, [])).Issue(Now, Hello, 9);

        var changed = new ReceiptSecrets(new HostSecrets(Second, [First]));

        Assert.Equal(secret, Assert.Single(changed.Candidates(nonce, Hello)));
        Assert.Empty(new ReceiptSecrets(new HostSecrets(Second, [])).Candidates(nonce, Hello));
    }
}
