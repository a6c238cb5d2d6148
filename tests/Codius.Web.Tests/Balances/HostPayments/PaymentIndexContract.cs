using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.HostPayments;
using Codius.Web.Balances.Incoming;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.HostPayments;

/// <summary>The list of the host's newest payments, on every kind of store; each test has the whole of it.</summary>
public abstract class PaymentIndexContract(StoreFixture fixture) : IAsyncLifetime
{
    private const int Most = 20;
    private const ulong Price = 10;

    private readonly PaymentIndex _index = new(
        fixture.Store.Store, fixture.Store.Scripts, Options.Create(new IncomingOptions { MostListedOfHost = Most }));

    public async ValueTask InitializeAsync() => await fixture.Store.Database.KeyDeleteAsync(BalanceKeys.HostPayments);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Pages_have_every_payment_once_newest_first()
    {
        for (var i = 0; i < 5; i++) Assert.True(await _index.NoteAsync([Payment($"r{2 * i}"), Payment($"r{2 * i + 1}")]));

        var (read, before) = (new List<string>(), (long?)null);
        for (var page = await ReadAsync(3); page.Count > 0; page = await ReadAsync(3, before))
        {
            read.AddRange(page.Select(each => each.Payment.Reference));
            before = page[^1].Place;
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"r{9 - i}"), read);
    }

    [Fact]
    public async Task One_that_grows_is_the_newest_and_there_once()
    {
        await _index.NoteAsync([Payment("old"), Payment("new")]);
        await _index.NoteAsync([Payment("old")]);

        Assert.Equal(["old", "new"], (await ReadAsync(10)).Select(each => each.Payment.Reference));
    }

    [Fact]
    public async Task Of_too_many_the_oldest_go_from_both_lists()
    {
        for (var i = 0; i < 3; i++)
            await _index.NoteAsync([.. Enumerable.Range(0, Most).Select(each => Payment($"r{i}-{each}"))]);

        Assert.Equal(Most, (await ReadAsync(100)).Count);
        Assert.All(BalanceKeys.HostPayments, key => Assert.Equal(Most, fixture.Store.Database.SortedSetLength(key)));
        Assert.Empty(await _index.FindAsync("r1-0", 20));
        Assert.Single(await _index.FindAsync("r2-0", 20));
    }

    [Fact]
    public async Task A_reference_finds_its_payments_of_all_accounts_and_none_whose_reference_only_begins_so()
    {
        await _index.NoteAsync([Payment("ref", "one"), Payment("ref", "two"), Payment("ref2", "one"), Payment("re", "one")]);

        var found = await _index.FindAsync("ref", 20);

        Assert.Equal(["one", "two"], found.Select(each => each.Payment.Account.ToString()));
        Assert.All(found, each => Assert.Equal(("ref", "stream"), (each.Payment.Reference, each.Payment.Way)));
    }

    [Fact]
    public async Task A_payment_that_goes_on_is_noted_once_a_minute_and_its_place_is_then_new()
    {
        var time = new FakeTimeProvider();
        using var notes = NotesOf(time);
        notes.Credited(Payment("one"), Price);
        await notes.WriteAsync();
        var first = Assert.Single(await ReadAsync(10));

        time.Advance(PaymentNotes.Pause - TimeSpan.FromSeconds(1));
        notes.Credited(Payment("one"), 1);
        await notes.WriteAsync();
        Assert.Equal(first.Place, Assert.Single(await ReadAsync(10)).Place);

        time.Advance(TimeSpan.FromSeconds(1));
        notes.Credited(Payment("one"), 1);
        await notes.WriteAsync();
        Assert.True(Assert.Single(await ReadAsync(10)).Place > first.Place);
    }

    [Fact]
    public async Task Payments_of_one_unit_displace_none_and_one_is_listed_when_it_reaches_the_price_of_a_request()
    {
        using var notes = NotesOf(new FakeTimeProvider());
        notes.Credited(Payment("real"), Price);
        await notes.WriteAsync();

        for (var i = 0; i < 3 * Most; i++) notes.Credited(Payment($"dust-{i}", $"t-{i}"), 1);
        for (var packets = 0; packets < 9; packets++) notes.Credited(Payment("grows"), 1);
        await notes.WriteAsync();
        Assert.Equal(["real"], (await ReadAsync(100)).Select(each => each.Payment.Reference));

        notes.Credited(Payment("grows"), 1);
        // Its other packets came to other gateways.
        notes.Credited(Payment("seen-in-part"), 1, total: Price);
        await notes.WriteAsync();
        Assert.Equal(["seen-in-part", "grows", "real"], (await ReadAsync(100)).Select(each => each.Payment.Reference));
    }

    [Fact]
    public async Task One_whose_parts_come_to_two_gateways_or_before_and_after_a_start_is_listed_when_their_sum_is_the_price_of_a_request()
    {
        using var first = NotesOf(new FakeTimeProvider());
        using var second = NotesOf(new FakeTimeProvider());
        var (split, small) = (PaymentOfPackets(), PaymentOfPackets());
        await PayAsync(first, split, Price - 1);
        await PayAsync(first, small, Price - 2);
        await WriteAsync(first);
        await PayAsync(second, small, 1);
        await WriteAsync(second);
        Assert.Empty(await ReadAsync(10));

        await PayAsync(second, split, 1);
        await WriteAsync(first);
        Assert.Empty(await ReadAsync(10));
        await WriteAsync(second);

        var listed = Assert.Single(await ReadAsync(10));
        Assert.Equal((split.Account, split.Connection), (listed.Payment.Account, listed.Payment.Reference));
        // It goes on at the gateway that knew the smaller part, and is noted again after a minute only.
        await PayAsync(second, split, 1);
        await WriteAsync(second);
        Assert.Equal(listed.Place, Assert.Single(await ReadAsync(10)).Place);
    }

    [Fact]
    public async Task A_sum_that_grows_while_it_is_read_or_while_the_store_is_away_is_read_again()
    {
        var books = new GatedBooks(fixture.Store.BooksOn(TimeProvider.System));
        using var notes = NotesOf(new FakeTimeProvider(), books);
        using var other = NotesOf(new FakeTimeProvider());
        var split = PaymentOfPackets();
        await PayAsync(notes, split, 1);
        books.IsAway = true;
        await WriteAsync(notes);
        books.IsAway = false;
        await PayAsync(other, split, 1);
        books.After = () => PayAsync(other, split, Price - 3);
        await WriteAsync(notes);
        books.After = async () => await PayAsync(notes, split, 1);
        notes.Credited(PaymentId.Of(split), 0);
        await WriteAsync(notes);
        books.After = null;
        Assert.Empty(await ReadAsync(10));

        await WriteAsync(notes);

        Assert.Single(await ReadAsync(10));
    }

    private PaymentNotes NotesOf(TimeProvider time, IBooks? books = null) => new(
        _index, books ?? fixture.Store.BooksOn(TimeProvider.System), new Prices(Price, 1, 1, 1), Supervised.By(time), time);

    private static PacketCredit PaymentOfPackets() =>
        AccountUnderTest.Packet(AccountId.OfApp($"{Guid.NewGuid():n}"), 1) with { Connection = $"{Guid.NewGuid():n}" };

    private async Task PayAsync(PaymentNotes notes, PacketCredit payment, ulong amount)
    {
        var packet = AccountUnderTest.Packet(payment.Account, amount) with { Connection = payment.Connection };
        Assert.Equal(CreditOutcome.Credited, (await fixture.Store.Ledger.CreditAsync(packet, CancellationToken.None)).Outcome);
        notes.Credited(PaymentId.Of(packet), amount);
    }

    private static async Task WriteAsync(PaymentNotes notes)
    {
        await notes.ReadSumsAsync(CancellationToken.None);
        await notes.WriteAsync();
    }

    private static PaymentId Payment(string reference, string account = "hello") => new(AccountId.OfApp(account), "stream", reference);

    private ValueTask<IReadOnlyList<IndexedPayment>> ReadAsync(int size, long? before = null) =>
        _index.ReadAsync(before, null, null, size);
}

/// <summary>Books that a test makes unavailable, or acts on after each read.</summary>
internal sealed class GatedBooks(IBooks books) : IBooks
{
    public bool IsAway { get; set; }

    public Func<Task>? After { get; set; }

    public async ValueTask<IReadOnlyList<StatementEntry>> FindEntriesAsync(
        AccountId account, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        if (IsAway) throw new LedgerUnavailableException("a test");
        var found = await books.FindEntriesAsync(account, ids, cancellation);
        if (After is { } act) await act();
        return found;
    }

    public ValueTask<StatementPage> ReadEntriesAsync(AccountId account, string? cursor, int size, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<BookLine>> ReadLinesAsync(
        AccountId account, BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<BookTotals?> ReadTotalsAsync(AccountId account, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<BookLine>> ReadHostLinesAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<BookTotals> ReadHostTotalsAsync(CancellationToken cancellation) => throw new NotSupportedException();
}

/// <summary>On Redis.</summary>
public sealed class RedisPaymentIndexTests(RedisFixture fixture) : PaymentIndexContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the gateway.</summary>
public sealed class GarnetPaymentIndexTests(GarnetFixture fixture) : PaymentIndexContract(fixture), IClassFixture<GarnetFixture>;
