using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Receiving;

namespace Interledger.Net.Tests.Streaming.Receiving;

public sealed class AddressTokenTests
{
    private readonly ReceiverUnderTest _under = new();

    [Theory]
    [InlineData("a")]
    [InlineData("hello")]
    [InlineData("my-app_2")]
    [InlineData("t-abcdefghijklmnopqrstuvwxyz234567")]
    [InlineData("UPPER.and!other~ascii")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void What_is_written_into_an_address_is_read_from_it(string account)
    {
        foreach (var payment in (Guid?[])[null, Guid.Parse("11223344-5566-7788-99aa-bbccddeeff00")])
        {
            foreach (var receipts in (ReceiptSetup?[])[null, new ReceiptSetup(ReceiptNonce.Generate(), new ReceiptSecret(new byte[32]))])
            {
                var claims = ReceiverUnderTest.Claims(account, receipts, payment);
                var credentials = _under.Receiver.Create(claims);

                Assert.True(_under.Receiver.TryReadClaims(credentials.DestinationAccount, out var read, out _));
                Assert.Equal(claims, read);
                Assert.InRange(credentials.DestinationAccount.Length, 1, "test.host.".Length + 224);
                Assert.Equal(receipts is not null, read.ReceiptsEnabled);
            }
        }
    }

    [Fact]
    public void Two_addresses_for_the_same_claims_have_nothing_in_common()
    {
        var one = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var two = _under.Receiver.Create(ReceiverUnderTest.Claims());

        Assert.NotEqual(one.DestinationAccount, two.DestinationAccount);
        Assert.NotEqual(one.SharedSecret, two.SharedSecret);
    }

    [Fact]
    public void No_character_of_a_token_can_be_changed_and_none_left_out()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var address = _under.Receiver.Create(ReceiverUnderTest.Claims()).DestinationAccount.ToString();
        for (var i = "test.host.".Length; i < address.Length; i++)
        {
            foreach (var flip in (int[])[1, 32])
            {
                var other = address.ToCharArray();
                other[i] = Alphabet[Alphabet.IndexOf(other[i], StringComparison.Ordinal) ^ flip];
                Assert.False(_under.Receiver.TryReadClaims(IlpAddress.Parse(new string(other)), out _, out var error));
                Assert.Equal(WireError.NotAuthentic, error);
            }

            if (i > "test.host.".Length)
                Assert.False(_under.Receiver.TryReadClaims(IlpAddress.Parse(address[..i]), out _, out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void An_expired_address_is_refused_even_when_its_keys_are_at_hand(int cached)
    {
        var under = new ReceiverUnderTest(cached);
        var credentials = under.Receiver.Create(ReceiverUnderTest.Claims() with { ExpiresAt = ReceiverUnderTest.Start.AddSeconds(10) });
        var prepare = ReceiverUnderTest.Prepare(credentials, 10);
        Assert.Equal(StreamOutcome.Money, under.Receive(prepare).Outcome);

        under.Clock.Advance(TimeSpan.FromSeconds(10));

        var decision = under.Receive(prepare);
        Assert.Equal(StreamOutcome.ExpiredAddress, decision.Outcome);
        Assert.True(ReceiverUnderTest.ReadReject("F06", decision.Reply).Data.IsEmpty);
        Assert.False(under.Receiver.TryReadClaims(credentials.DestinationAccount, out _, out var error));
        Assert.Equal(WireError.Expired, error);
    }

    [Fact]
    public void A_forged_token_does_not_pass_for_a_known_one_that_begins_alike()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());
        Assert.Equal(StreamOutcome.Money, _under.Receive(ReceiverUnderTest.Prepare(credentials, 10)).Outcome);
        var address = credentials.DestinationAccount.ToString();
        var forged = address[..^1] + (address[^1] == 'A' ? 'B' : 'A');

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 10, destination: forged));

        Assert.Equal(StreamOutcome.UnknownAddress, decision.Outcome);
        Assert.True(ReceiverUnderTest.ReadReject("F06", decision.Reply).Data.IsEmpty);
    }

    [Fact]
    public void An_earlier_secret_still_opens_its_addresses_and_a_dropped_one_does_not()
    {
        var old = ReceiverUnderTest.Secret(1, 1);
        var sameId = ReceiverUnderTest.Secret(2, 3);
        var credentials = new ReceiverUnderTest(secret: old).Receiver.Create(ReceiverUnderTest.Claims());
        var prepare = ReceiverUnderTest.Prepare(credentials, 10);

        Assert.Equal(StreamOutcome.Money,
            new ReceiverUnderTest(secret: ReceiverUnderTest.Secret(2, 2), previous: [old]).Receive(prepare).Outcome);
        Assert.Equal(StreamOutcome.UnknownAddress, new ReceiverUnderTest(secret: ReceiverUnderTest.Secret(2, 2)).Receive(prepare).Outcome);

        var made = new ReceiverUnderTest(secret: sameId).Receiver.Create(ReceiverUnderTest.Claims());
        var both = new ReceiverUnderTest(secret: ReceiverUnderTest.Secret(2, 2), previous: [sameId]);
        Assert.Equal(StreamOutcome.Money, both.Receive(ReceiverUnderTest.Prepare(made, 10)).Outcome);
    }

    [Fact]
    public void Keys_are_found_again_however_few_are_kept()
    {
        foreach (var cached in (int[])[0, 1, 3])
        {
            var under = new ReceiverUnderTest(cached);
            var all = Enumerable.Range(0, 10).Select(i => under.Receiver.Create(ReceiverUnderTest.Claims($"app-{i}"))).ToArray();
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < all.Length; i++)
                    Assert.Equal($"app-{i}", under.Receive(ReceiverUnderTest.Prepare(all[i], 10)).Money.Claims.AccountId);
            }
        }
    }

    [Fact]
    public void Secrets_print_as_stars()
    {
        var secret = new ReceiptSecret(new byte[32]);
        var claims = ReceiverUnderTest.Claims(receipts: new ReceiptSetup(ReceiptNonce.Generate(), secret));
        var credentials = _under.Receiver.Create(claims);

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", credentials.SharedSecret.ToString());
        Assert.Equal("***", ReceiverUnderTest.Secret(1, 1).ToString());
        Assert.DoesNotContain(credentials.SharedSecret.ToBase64(), credentials.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret.ToBase64(), claims.ToString(), StringComparison.Ordinal);
        Assert.Contains("***", claims.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ä")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void An_account_id_is_1_to_63_ASCII_characters(string account) =>
        Assert.Throws<ArgumentException>(() => ReceiverUnderTest.Claims(account));
}
