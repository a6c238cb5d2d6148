using System.Security.Cryptography;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Incoming;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>The entries of an account's statement, on every kind of store.</summary>
public abstract class StatementContract(StoreFixture fixture)
{
    private const ulong OpenAt = 20_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Packets_of_a_payment_are_one_entry_whatever_comes_between()
    {
        var account = new BooksUnderTest(fixture.Store);
        var payment = new IncomingTerms(Guid.NewGuid(), "creator", null, account.Start, account.Start.AddDays(1), "terms");
        for (var i = 0; i < 40; i++)
        {
            await account.PayAsync(1, $"connection {i % 20}");
            await account.Ledger.CreditAsync(account.Packet(5) with { IncomingPayment = payment }, Stop);
            account.Pass(TimeSpan.FromSeconds(1));
        }

        var entries = await account.EntriesAsync();
        Assert.Equal(21, entries.Count);
        var paid = Assert.Single(entries, entry => entry.Reference == $"{payment.Id}");
        Assert.Equal(
            (StatementKind.Credit, 200UL, "stream", account.Start, account.Start.AddSeconds(39)),
            (paid.Kind, paid.Amount, paid.Way, paid.At, paid.Last));
        Assert.All(entries.Except([paid]), entry => Assert.Equal(2UL, entry.Amount));
        Assert.Equal(entries.OrderByDescending(entry => entry.At), entries);
    }

    [Fact]
    public async Task Payments_that_are_credited_by_one_script_have_an_entry_each()
    {
        var account = new BooksUnderTest(fixture.Store);
        var nonce = RandomNumberGenerator.GetBytes(16);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => account.PayAsync(1, $"connection {i % 50}")).Append(
            account.Ledger.CreditAsync(account.Packet(7) with { ReceiptNonce = nonce }, Stop).AsTask()));

        var entries = await account.EntriesAsync();
        Assert.Equal(51, entries.Count);
        Assert.Equal(7UL, Assert.Single(entries, entry => entry.Reference == System.Buffers.Text.Base64Url.EncodeToString(nonce)).Amount);
        Assert.Equal(207UL, entries.Aggregate(0UL, (sum, entry) => sum + entry.Amount));
    }

    [Theory]
    [InlineData("https://wallet.example/alice", "https://wallet.example/alice")]
    [InlineData("https://wallet.example/alice\tann\tbecause", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task A_payment_has_its_payers_wallet_address_if_a_statement_can_hold_it(string? payer, string? written)
    {
        var account = new BooksUnderTest(fixture.Store);
        var payment = new IncomingTerms(Guid.NewGuid(), "creator", null, account.Start, account.Start.AddDays(1), "terms", payer);
        var another = payment with { Id = Guid.NewGuid() };
        // Credits of one account that come together are one script.
        await Task.WhenAll(
            account.PayAsync(1),
            account.Ledger.CreditAsync(account.Packet(5) with { IncomingPayment = payment }, Stop).AsTask(),
            account.Ledger.CreditAsync(account.Packet(5) with { IncomingPayment = payment }, Stop).AsTask(),
            account.PayAsync(1),
            account.Ledger.CreditAsync(account.Packet(7) with { IncomingPayment = another with { Payer = "https://b.example/" } }, Stop)
                .AsTask());
        var atWallet = payment with { Id = Guid.NewGuid() };
        await account.Ledger.CreditAsync(new WalletCredit(account.Id, atWallet, 20, false, account.Start.AddDays(1)), Stop);
        await account.Ledger.CreditAsync(new WalletCredit(account.Id, atWallet, 30, false, account.Start.AddDays(1)), Stop);

        Assert.Equal(
            [("a connection", 2UL, null), ($"{another.Id}", 7UL, "https://b.example/"), ($"{payment.Id}", 10UL, written),
                ($"{atWallet.Id}", 30UL, written)],
            (await account.EntriesAsync()).OrderBy(entry => entry.Amount)
                .Select(entry => (entry.Reference, entry.Amount, entry.Payer)));
        Assert.All(await account.EntriesAsync(), entry => Assert.Equal((null, null), (entry.By, entry.Reason)));
    }

    [Fact]
    public void A_payers_wallet_address_is_bounded()
    {
        var (now, longest) = (DateTimeOffset.UnixEpoch, "https://a.example/" + new string('a', 237));

        Assert.Equal(longest, new IncomingTerms(Guid.Empty, "creator", null, now, now, "terms", longest).Payer);
        Assert.Null(new IncomingTerms(Guid.Empty, "creator", null, now, now, "terms", longest + "a").Payer);
    }

    [Fact]
    public async Task A_repeat_adds_nothing()
    {
        var account = new BooksUnderTest(fixture.Store);
        var now = account.Clock.GetUtcNow();
        var packet = account.Packet(10);
        var receipt = new ReceiptCredit(account.Id, RandomNumberGenerator.GetBytes(16), 1, 20, now, now.AddHours(1), false);
        var payment = new IncomingTerms(Guid.NewGuid(), "creator", null, now, now.AddDays(1), "terms");
        for (var i = 0; i < 2; i++)
        {
            await account.Ledger.CreditAsync(packet, Stop);
            await account.Ledger.CreditAsync(receipt, Stop);
            await account.Ledger.CreditAsync(new WalletCredit(account.Id, payment, 30, false, now.AddDays(1)), Stop);
            await account.Ledger.SpendAsync(account.Id, 3, Stop, "call");
            await account.Ledger.RefundAsync(account.Id, 2, "refund", "it was down", "ann", Stop);
        }

        Assert.Equal(
            [(2UL, "refund"), (3UL, "call"), (10UL, "a connection"), (20UL, null), (30UL, null)],
            (await account.EntriesAsync()).OrderBy(entry => entry.Amount)
                .Select(entry => (entry.Amount, entry.Way is "receipt" or "wallet" ? null : entry.Reference)));
    }

    [Fact]
    public async Task A_change_by_hand_has_its_id_its_reason_and_who_made_it()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(100);
        await account.SpendAsync(50);
        await account.Ledger.RefundAsync(account.Id, 5, "one", "slow:\tmorning, \"noon\"", "ann\tb", Stop);
        account.Pass(TimeSpan.FromSeconds(1));
        await account.Ledger.AdjustAsync(account.Id, 6, "two", "a gift", "ben", Stop);
        account.Pass(TimeSpan.FromSeconds(1));
        await account.Ledger.AdjustAsync(account.Id, -7, "three", "", "ben", Stop);

        Assert.Equal(
            [
                (StatementKind.AdjustedDown, 7, "three", null, "ben"), (StatementKind.AdjustedUp, 6, "two", "a gift", "ben"),
                (StatementKind.Refund, 5, "one", "slow:\tmorning, \"noon\"", "ann b"),
            ],
            (await account.EntriesAsync()).Where(entry => entry.Kind != StatementKind.Credit)
                .Select(entry => (entry.Kind, (int)entry.Amount, entry.Reference, entry.Reason, entry.By)));
    }

    [Fact]
    public async Task The_newest_thousand_are_kept()
    {
        var account = new BooksUnderTest(fixture.Store);
        for (var i = 0; i < 1500; i++)
        {
            account.Pass(TimeSpan.FromMilliseconds(1));
            await account.PayAsync(1, $"connection {i}");
            Assert.True(i % 100 != 0 || (await account.LengthsAsync()).Entries <= 1100);
        }

        var kept = (await account.LengthsAsync()).Entries;
        Assert.InRange(kept, 1000, 1100);
        Assert.Equal(1500UL, (await account.TotalsAsync()).PaidByStream);
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => $"connection {1499 - i}"),
            (await account.EntriesAsync()).Select(entry => entry.Reference));
    }

    [Fact]
    public async Task Pages_have_each_entry_once_while_new_ones_come()
    {
        var account = new BooksUnderTest(fixture.Store);
        // Some at the same time.
        for (var i = 0; i < 25; i++)
        {
            if (i % 3 == 0) account.Pass(TimeSpan.FromMilliseconds(1));
            await account.PayAsync(1, $"connection {i}");
        }
        var all = (await account.EntriesAsync()).Select(entry => entry.Id).ToArray();
        Assert.Equal(25, all.Length);

        var (seen, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await account.Books.ReadEntriesAsync(account.Id, cursor, 4, Stop);
            seen.AddRange(page.Entries.Select(entry => entry.Id));
            cursor = page.Next;
            account.Pass(TimeSpan.FromMilliseconds(1));
            await account.PayAsync(1, $"new {seen.Count}");
        }
        while (cursor is not null);

        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("!", 10)]
    [InlineData("bm9uZQ", 10)]
    [InlineData("OTk5OTk5OTk5OTk5OTk5OTk5LGE", 10)]
    [InlineData(null, 0)]
    [InlineData(null, 1001)]
    public async Task A_bad_cursor_or_size_is_refused(string? cursor, int size)
    {
        var account = new BooksUnderTest(fixture.Store);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => account.Books.ReadEntriesAsync(account.Id, cursor, size, Stop).AsTask());
    }

    [Fact]
    public async Task Dust_has_few_entries_which_end_with_it_and_what_was_paid_more_has_more()
    {
        var account = new BooksUnderTest(fixture.Store, new Prices(1_000, 1_000, 60_000, OpenAt));
        for (var i = 0; i < 100; i++)
        {
            account.Pass(TimeSpan.FromHours(i % 10 == 0 ? 1 : 0));
            await account.PayAsync(1, $"connection {i}");
        }

        Assert.InRange((await account.LengthsAsync()).Entries, 8, 16);
        Assert.All(await EndsAsync(account), end => Assert.NotNull(end));

        await account.PayAsync(OpenAt);
        Assert.All(await EndsAsync(account), Assert.Null);
        for (var i = 0; i < 100; i++) await account.PayAsync(1, $"another {i}");
        Assert.All(await EndsAsync(account), Assert.Null);
        Assert.InRange((await account.LengthsAsync()).Entries, 12, 20);

        // Entries pay for their room as the account does.
        await account.PayAsync(20 * OpenAt);
        for (var i = 0; i < 100; i++) await account.PayAsync(1, $"one more {i}");
        Assert.InRange((await account.LengthsAsync()).Entries, 92, 101);
    }

    [Fact]
    public async Task An_account_that_begins_again_has_nothing_of_the_one_that_ended()
    {
        var account = new BooksUnderTest(fixture.Store, new Prices(1_000, 1_000, 60_000, OpenAt));
        await account.PayAsync(10, "before");
        account.Pass(TimeSpan.FromHours(1));
        await account.PayAsync(10, "before");
        await fixture.Store.Database.KeyDeleteAsync(BalanceKeys.Account(account.Id));
        account.Pass(TimeSpan.FromHours(1));
        await account.PayAsync(3, "after");

        Assert.Equal(["after"], (await account.EntriesAsync()).Select(entry => entry.Reference));
        Assert.Equal(3UL, Assert.Single(await account.LinesAsync(BookStep.Hour)).Totals.Credited);
    }

    [Fact]
    public async Task A_connectors_debt_has_what_each_gateway_booked_and_what_was_settled()
    {
        var (book, account) = (AccountId.OfBook($"owed-{Guid.NewGuid():n}"), new BooksUnderTest(fixture.Store));
        for (var i = 1; i <= 3; i++) await account.Ledger.BookAsync(book, 100, "a gateway", i, Stop);
        await account.Ledger.BookAsync(book, 50, "another", 1, Stop);
        await account.Ledger.BookAsync(book, 50, "another", 1, Stop);
        account.Pass(TimeSpan.FromSeconds(1));
        await account.Ledger.AdjustAsync(book, -120, "invoice 7", "settled", "ann", Stop);

        var entries = (await account.Books.ReadEntriesAsync(book, null, 100, Stop)).Entries;
        Assert.Equal(
            [(120UL, "invoice 7", null), (300UL, "a gateway", "connector"), (50UL, "another", "connector")],
            entries.OrderByDescending(entry => entry.At).ThenBy(entry => entry.Reference)
                .Select(entry => (entry.Amount, entry.Reference, entry.Way)));
        Assert.Equal(new BookTotals { PaidByStream = 350, AdjustedDown = 120 }, await account.Books.ReadTotalsAsync(book, Stop));
    }

    private async Task<TimeSpan?[]> EndsAsync(BooksUnderTest account) => await Task.WhenAll(
        BalanceKeys.Books(BalanceKeys.Account(account.Id)).Where(key => !((string)key!).EndsWith("days", StringComparison.Ordinal))
            .Select(key => fixture.Store.Database.KeyTimeToLiveAsync(key)));
}

/// <summary>On a real Redis.</summary>
public sealed class RedisStatementTests(RedisFixture fixture) : StatementContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetStatementTests(GarnetFixture fixture) : StatementContract(fixture), IClassFixture<GarnetFixture>;
