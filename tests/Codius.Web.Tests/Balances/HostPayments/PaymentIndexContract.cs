using Codius.Testing;
using Codius.Web.Balances;
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

    private PaymentNotes NotesOf(TimeProvider time) => new(_index, new Prices(Price, 1, 1, 1), Supervised.By(time), time);

    private static PaymentId Payment(string reference, string account = "hello") => new(AccountId.OfApp(account), "stream", reference);

    private ValueTask<IReadOnlyList<IndexedPayment>> ReadAsync(int size, long? before = null) =>
        _index.ReadAsync(before, null, null, size);
}

/// <summary>On Redis.</summary>
public sealed class RedisPaymentIndexTests(RedisFixture fixture) : PaymentIndexContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the gateway.</summary>
public sealed class GarnetPaymentIndexTests(GarnetFixture fixture) : PaymentIndexContract(fixture), IClassFixture<GarnetFixture>;
