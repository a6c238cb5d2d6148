using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.HostPayments;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.WalletPayments;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances;

/// <summary>What a host stores of payments, field by field; it may grow, but nothing in it may change its name or meaning.</summary>
public sealed class StoredPaymentsLayoutTests
{
    private static readonly AccountId Account = AccountId.OfApp("hello");

    [Fact]
    public async Task Fields_of_an_incoming_payment()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var made = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        var ends = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_000);
        var payment = new IncomingTerms(Guid.Empty, "creator", 100, made, ends, "terms", "https://wallet.example/alice");
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 7) with { IncomingPayment = payment }, stop);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 8) with
        {
            IncomingPayment = payment with { Id = Guid.AllBitsSet, Amount = null },
        }, stop);
        await store.Incoming.CompleteAsync(Account, Guid.AllBitsSet);

        const string Member = "creator:1700000000000:00000000-0000-0000-0000-000000000000";
        Assert.Equal($"7,0,100,4000000000000,{Member},terms",
            await store.Database.HashGetAsync("codius:{hello}:payments", "00000000-0000-0000-0000-000000000000"));
        Assert.Equal(
            "8,1,,4000000000000,creator:1700000000000:ffffffff-ffff-ffff-ffff-ffffffffffff,terms",
            await store.Database.HashGetAsync("codius:{hello}:payments", "ffffffff-ffff-ffff-ffff-ffffffffffff"));
        Assert.Matches(@"^7\t\d{13}\t\d{13}\thttps://wallet\.example/alice\t\t$",
            (string)(await store.Database.HashGetAsync("codius:{hello}:entries", "stream:00000000-0000-0000-0000-000000000000"))!);
        Assert.Equal((0, 4_000_000_000_000, 7), (await store.Database.SortedSetScoreAsync("codius:{hello}:payments:index", Member),
            await store.Database.SortedSetScoreAsync("codius:{hello}:payments:ends", Member),
            await store.Database.SortedSetScoreAsync("codius:{hello}:payments:received", Member)));
    }

    [Fact]
    public async Task Fields_of_the_accounts_that_keep_payments()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var now = AccountUnderTest.InSeconds(0);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 7) with
        {
            IncomingPayment = new IncomingTerms(Guid.Empty, "creator", null, now, now.AddMinutes(10), "terms"),
        }, stop);

        Assert.Equal([new HashEntry(":total", "1"), new HashEntry("hello", "1")],
            (await store.Database.HashGetAllAsync("codius:{:payments}")).OrderBy(field => (string)field.Name!, StringComparer.Ordinal));
        Assert.Equal(7, await store.Database.SortedSetScoreAsync("codius:{:payments}:credited", "hello"));
        Assert.True(
            await store.Database.SortedSetScoreAsync("codius:{:payments}:ends", "hello") > now.AddDays(31).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Fields_of_a_note()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Notes.TryAddAsync("a note", null, AccountUnderTest.InSeconds(60));

        Assert.Matches(@"^[0-9a-f]{24},\d{13},\d{13}$", (string)(await store.Database.HashGetAsync("codius:{:notes}", "a note"))!);
        Assert.Matches(@"^[0-9a-f]{24}:\d{13}:a note$",
            (string)Assert.Single(await store.Database.SortedSetRangeByRankAsync("codius:{:notes}:order"))!);
        Assert.NotNull(await store.Database.SortedSetScoreAsync("codius:{:notes}:ends", "a note"));
        Assert.Equal(1, Assert.Single(await store.Database.SortedSetRangeByRankWithScoresAsync("codius:{:notes}:clients")).Score);
    }

    [Fact]
    public async Task Fields_of_the_hosts_newest_payments_and_of_one_that_was_given_up()
    {
        await using var server = new RedisServer();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var store = LedgerStore.OnRedis(server);
        await new PaymentIndex(store.Store, store.Scripts, Options.Create(new IncomingOptions()))
            .NoteAsync([new PaymentId(Account, "wallet", "one")]);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_000);
        await new GivenUpPayments(store.Store).AddAsync(new GivenUpPayment(Guid.Empty, Account, at, at, at, "why"));

        // By when it last grew, in microseconds since 1970; and by reference.
        var newest = Assert.Single(await store.Database.SortedSetRangeByRankWithScoresAsync("codius:{:paid}"));
        Assert.Equal("one\thello\twallet", newest.Element);
        Assert.InRange(newest.Score, 1e15, 1e16);
        Assert.Equal([new SortedSetEntry("one\thello\twallet", 0)],
            await store.Database.SortedSetRangeByRankWithScoresAsync("codius:{:paid}:references"));
        Assert.Equal([new SortedSetEntry("00000000-0000-0000-0000-000000000000\thello\t4000000000000\t4000000000000\twhy", 4e12)],
            await store.Database.SortedSetRangeByRankWithScoresAsync("codius:{:wallet}:given-up"));
    }

    [Fact]
    public async Task Fields_of_what_the_receiving_wallet_received()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var ends = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_000);
        await store.Ledger.CreditAsync(
            new WalletCredit(Account, new IncomingTerms(Guid.Empty, "creator", null, ends, ends, "terms"), 7, false, ends), stop);

        // The end is a day after what the credit names.
        const string Id = "00000000-0000-0000-0000-000000000000";
        Assert.Equal($"{Id},7,4000086400000", await store.Database.HashGetAsync("codius:{hello}", "wallet"));
        var total = Assert.Single(await store.Database.HashGetAllAsync("codius:{hello}:wallet"));
        Assert.Equal((Id, "7,4000086400000"), ((string?)total.Name, (string?)total.Value));
        Assert.Equal(4_000_086_400_000, await store.Database.SortedSetScoreAsync("codius:{hello}:wallet:ends", Id));
        Assert.Equal($"7,0,,4000000000000,creator:4000000000000:{Id},terms",
            await store.Database.HashGetAsync("codius:{hello}:payments", Id));
    }

    [Fact]
    public async Task Fields_of_a_payment_at_the_receiving_wallet()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var ends = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_000);
        var payment = new WalletPayment(
            Guid.Empty, Account, "creator", new Uri("https://wallet.example/one"), "test.one", "c2VjcmV0", 7, ends, ends, "terms");
        await store.WalletPayments.TryOpenAsync(payment, null, hot: true);
        await store.WalletPayments.TryOpenAsync(payment with { Id = Guid.AllBitsSet, Amount = null }, null, hot: false);

        const string Id = "00000000-0000-0000-0000-000000000000";
        Assert.Equal("hello\ncreator\nhttps://wallet.example/one\ntest.one\nc2VjcmV0\n7\n4000000000000\n4000000000000\nterms",
            await store.Database.HashGetAsync("codius:{:wallet}", Id));
        Assert.Matches(@"^hello@[0-9a-f]{24},[0-9a-f]{24},hot,\d{13},1,0,0,\d{13},0,0,4000000000000$",
            (string)(await store.Database.HashGetAsync("codius:{:wallet}:states", Id))!);
        Assert.All(await store.Database.SortedSetRangeByRankAsync("codius:{:wallet}:order"),
            member => Assert.Matches("^[0-9a-f]{24}:0:[0-9]{13}:[0-9a-f-]{36}$", (string)member!));
        Assert.Equal(2, Assert.Single(await store.Database.SortedSetRangeByRankWithScoresAsync("codius:{:wallet}:clients")).Score);
        foreach (var kind in (string[])["hot", "idle"])
        {
            Assert.Matches("^hello@[0-9a-f]{24}:[0-9]{13}:[0-9a-f-]{36}$",
                (string)Assert.Single(await store.Database.SortedSetRangeByRankAsync($"codius:{{:wallet}}:{kind}"))!);
            Assert.Matches("^hello@[0-9a-f]{24}$",
                (string)Assert.Single(await store.Database.SortedSetRangeByRankAsync($"codius:{{:wallet}}:{kind}:turns"))!);
        }
    }
}
