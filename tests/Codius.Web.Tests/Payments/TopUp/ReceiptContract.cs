using Codius.Web.Balances;
using Codius.Web.Payments.Setup;
using Interledger.Net.Receipts;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.TopUp;

/// <summary>Receipts of a receiving wallet, posted by pages and programs: the receipt verifier's contract, on every store.</summary>
public abstract class ReceiptContract(PayableFixture fixture)
{
    private PayableGateway Gateway => fixture.Gateway;

    private ReceiptSecrets Secrets => Gateway.Services.GetRequiredService<ReceiptSecrets>();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task The_increase_is_credited_and_the_new_balance_answered()
    {
        var app = Gateway.NewApp();
        var issued = Issue(app);

        Assert.Equal((200, "500"), await PostAsync(app, Receipt(issued, 500)));
        Assert.Equal((200, "750"), await PostAsync(app, Receipt(issued, 750)));
        Assert.Equal(new Balance(750, 750, 0, 0), await Gateway.BalanceAsync(app));
    }

    [Fact]
    public async Task Each_stream_and_each_nonce_has_a_total_of_its_own()
    {
        var app = Gateway.NewApp();
        var (first, second) = (Issue(app), Issue(app));

        Assert.Equal((200, "500"), await PostAsync(app, Receipt(first, 500)));
        Assert.Equal((200, "700"), await PostAsync(app, Receipt(first, 200, stream: 3)));
        Assert.Equal((200, "1200"), await PostAsync(app, Receipt(second, 500)));
    }

    [Fact]
    public async Task A_receipt_replayed_or_overtaken_changes_nothing()
    {
        var app = Gateway.NewApp();
        var issued = Issue(app);
        await PostAsync(app, Receipt(issued, 500));
        using var refused = new RefusalCounter("receipt", "expired receipt");

        Assert.Equal((400, "expired receipt"), await PostAsync(app, Receipt(issued, 500)));
        Assert.Equal((400, "expired receipt"), await PostAsync(app, Receipt(issued, 499)));
        refused.AssertAtLeast(2);
        Assert.Equal(500UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task The_same_receipt_from_fifty_pages_at_once_counts_once()
    {
        var app = Gateway.NewApp();
        var receipt = Receipt(Issue(app), 500);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync(app, receipt)));

        Assert.Single(answers, answer => answer == (200, "500"));
        Assert.Equal(500UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task A_receipt_for_another_account_changes_nothing()
    {
        var (app, other) = (Gateway.NewApp(), Gateway.NewApp());
        using var refused = new RefusalCounter("receipt", "invalid hmac");

        Assert.Equal((400, "invalid hmac"), await PostAsync(other, Receipt(Issue(app), 500)));
        refused.AssertAtLeast(1);
        Assert.Null(await Gateway.ReadAsync(other));
    }

    [Fact]
    public async Task A_forged_receipt_changes_nothing()
    {
        var app = Gateway.NewApp();
        var receipt = Receipt(Issue(app), 500);
        using var refused = new RefusalCounter("receipt", "invalid hmac");

        foreach (var at in new[] { 1, 5, 6, 16, 17, 18, 25, 26, 57 })
        {
            var forged = (byte[])receipt.Clone();
            forged[at] ^= 1;
            Assert.Equal((400, "invalid hmac"), await PostAsync(app, forged));
        }
        refused.AssertAtLeast(9);
        Assert.Null(await Gateway.ReadAsync(app));
    }

    [Theory]
    [InlineData("", "receipt malformed")]
    [InlineData("AAAA", "receipt malformed")]
    [InlineData("no base64 at all!", "receipt malformed")]
    [InlineData("AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", "invalid version")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", "invalid hmac")]
    public async Task What_is_no_receipt_is_told_in_the_words_of_2020(string body, string text)
    {
        using var refused = new RefusalCounter("receipt", text);
        Assert.Equal((400, text), await Gateway.PostAsync($"/balances/{Gateway.NewApp()}:creditReceipt", body));
        foreach (var path in new[] { "/verify", "/receipts" })
            Assert.Equal((400, text), await Gateway.PostAsync(path, body, Gateway.Management));
        refused.AssertAtLeast(3);
    }

    [Fact]
    public async Task A_body_over_80_characters_is_too_large()
    {
        using var refused = new RefusalCounter("receipt", "request entity too large");
        var body = new string('A', 81);
        Assert.Equal((413, "request entity too large"), await Gateway.PostAsync($"/balances/{Gateway.NewApp()}:creditReceipt", body));
        foreach (var path in new[] { "/verify", "/receipts" })
            Assert.Equal((413, "request entity too large"), await Gateway.PostAsync(path, body, Gateway.Management));
        refused.AssertAtLeast(3);
    }

    [Fact]
    public async Task A_nonce_older_than_its_lifetime_or_from_the_future_is_expired()
    {
        var app = Gateway.NewApp();
        using var refused = new RefusalCounter("receipt", "expired receipt");

        Assert.Equal((400, "expired receipt"), await PostAsync(app, Receipt(Issue(app, Now.AddHours(-24).AddSeconds(-2)), 500)));
        Assert.Equal((400, "expired receipt"), await PostAsync(app, Receipt(Issue(app, Now.AddSeconds(120)), 500)));
        refused.AssertAtLeast(2);
        Assert.Null(await Gateway.ReadAsync(app));
        Assert.Equal((200, "500"), await PostAsync(app, Receipt(Issue(app, Now.AddHours(-23)), 500)));
    }

    [Fact]
    public async Task Totals_are_counted_to_the_last_unit_and_an_account_never_overflows()
    {
        var app = Gateway.NewApp();
        var issued = Issue(app);

        Assert.Equal((409, "receipt amount exceeds max 64 bit signed integer"), await PostAsync(app, Receipt(issued, long.MaxValue + 1UL)));
        Assert.Equal((200, "9223372036854775807"), await PostAsync(app, Receipt(issued, long.MaxValue)));
        Assert.Equal((409, "balance cannot exceed max 64 bit signed integer"), await PostAsync(app, Receipt(Issue(app), 1)));
        Assert.Equal((ulong)long.MaxValue, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task An_unbound_receipt_goes_to_the_first_account_it_is_posted_to()
    {
        var (app, other) = (Gateway.NewApp(), Gateway.NewApp());
        var issued = Secrets.Issue(Now, null, 9);

        Assert.Equal((200, "500"), await PostAsync(app, Receipt(issued, 500)));
        using var refused = new RefusalCounter("receipt", "receipt belongs to another account");
        Assert.Equal((400, "receipt belongs to another account"), await PostAsync(other, Receipt(issued, 900)));
        refused.AssertAtLeast(1);
        Assert.Equal((200, "900"), await PostAsync(app, Receipt(issued, 900)));
        Assert.Null(await Gateway.ReadAsync(other));
    }

    [Fact]
    public async Task An_unbound_receipt_makes_no_account_for_who_is_not_here()
    {
        Assert.Equal((404, "Not Found"), await PostAsync("nobody-at-all", Receipt(Secrets.Issue(Now, null, 9), 500)));
        Assert.Null(await Gateway.ReadAsync("nobody-at-all"));
    }

    [Theory]
    [InlineData("/verify")]
    [InlineData("/receipts")]
    public async Task Programs_of_the_host_verify_a_receipt_once(string path)
    {
        var issued = Secrets.Issue(Now, null, 9);
        var body = Convert.ToBase64String(Receipt(issued, 500));

        Assert.Equal((200, """{"amount":"500","spspEndpoint":""}"""), await Gateway.PostAsync(path, body, Gateway.Management));
        Assert.Equal((400, "expired receipt"), await Gateway.PostAsync(path, body, Gateway.Management));
        Assert.Equal((200, """{"amount":"20","spspEndpoint":""}"""),
            await Gateway.PostAsync(path, Convert.ToBase64String(Receipt(issued, 520)), Gateway.Management));
        Assert.Equal((400, "receipt belongs to another account"), await PostAsync(Gateway.NewApp(), Receipt(issued, 900)));
    }

    [Theory]
    [InlineData("/verify")]
    [InlineData("/receipts")]
    public async Task A_receipt_that_proves_nothing_to_a_program_is_told_in_the_words_of_2020(string path)
    {
        Task<(int, string)> VerifyAsync((ReceiptNonce, ReceiptSecret) issued, ulong total) =>
            Gateway.PostAsync(path, Convert.ToBase64String(Receipt(issued, total)), Gateway.Management);
        var app = Gateway.NewApp();
        var claimed = Secrets.Issue(Now, null, 9);
        await PostAsync(app, Receipt(claimed, 500));

        Assert.Equal((400, "invalid hmac"), await VerifyAsync(Issue(app), 500));
        Assert.Equal((400, "receipt belongs to another account"), await VerifyAsync(claimed, 900));
        Assert.Equal((400, "expired receipt"), await VerifyAsync(Secrets.Issue(Now.AddHours(-25), null, 9), 500));
        Assert.Equal((409, "receipt amount exceeds max 64 bit signed integer"),
            await VerifyAsync(Secrets.Issue(Now, null, 9), long.MaxValue + 1UL));
        Assert.Equal(500UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    private (ReceiptNonce Nonce, ReceiptSecret Secret) Issue(string app, DateTimeOffset? at = null) =>
        Secrets.Issue(at ?? Now, AccountId.OfApp(app), 9);

    private static byte[] Receipt((ReceiptNonce Nonce, ReceiptSecret Secret) issued, ulong total, byte stream = 1) =>
        new StreamReceipt(issued.Nonce, stream, total).Sign(issued.Secret);

    private Task<(int Status, string Text)> PostAsync(string account, byte[] receipt) =>
        Gateway.PostAsync($"/balances/{account}:creditReceipt", Convert.ToBase64String(receipt));
}

/// <summary>On Garnet inside the gateway.</summary>
public sealed class ReceiptsOnGarnetTests(PayableOnGarnet fixture) : ReceiptContract(fixture), IClassFixture<PayableOnGarnet>;

/// <summary>On a real redis-server.</summary>
public sealed class ReceiptsOnRedisTests(PayableOnRedis fixture) : ReceiptContract(fixture), IClassFixture<PayableOnRedis>;
