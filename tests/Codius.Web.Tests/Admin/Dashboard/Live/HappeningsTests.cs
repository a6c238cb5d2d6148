using Codius.Testing;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Apps;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;
using Codius.Web.Tests.Admin.Api;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Dashboard.Live;

/// <summary>What comes into the feed, and in which order.</summary>
public sealed class HappeningsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly FakeApps _apps = new();
    private readonly FailedVisits _failed = new();
    private readonly RaisedChanges _changes = new();
    private readonly StagedBooks _books = new();
    private Happenings _happenings = null!;

    public async ValueTask InitializeAsync()
    {
        _happenings = new Happenings(_apps, _failed, _changes, _books, new Asset("USD", 9), Supervised.By(_time), _time);
        await _happenings.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("it listens", () => _changes.IsHeard);
    }

    public async ValueTask DisposeAsync()
    {
        await _happenings.StopAsync(CancellationToken.None);
        _happenings.Dispose();
    }

    [Fact]
    public async Task The_newest_comes_first_and_of_too_many_the_oldest_go()
    {
        for (var app = 0; app < Happenings.Most + 5; app++) await WakeAsync($"app-{app:00}");

        Assert.Equal(Enumerable.Range(5, Happenings.Most).Reverse().Select(app => $"app-{app:00}"), Accounts());
        Assert.Equal(Happenings.Most + 5, _happenings.Starts);
    }

    [Fact]
    public async Task A_payment_comes_anew_only_if_it_has_grown()
    {
        Pay("a-payment", 20_000_000);
        await ReadAsync("first");
        await WakeAsync("woken");
        _changes.Raise("first");
        await ReadAsync("second");
        Assert.Equal(["second", "woken", "first"], Accounts());

        Pay("a-payment", 30_000_000);
        _changes.Raise("first");
        await ComesAsync("the larger amount", () => _happenings.Newest[0] is { Account: "first", Text: "was paid 0.03 USD" });
        Assert.Equal(["first", "second", "woken"], Accounts());
    }

    [Fact]
    public async Task What_was_paid_before_the_gateway_started_does_not_come()
    {
        Pay("long-ago", 10_000_000, _time.GetUtcNow().AddHours(-1));
        Pay("a-payment", 20_000_000);
        await ReadAsync("hello");

        Assert.Equal("hello/a-payment", Assert.Single(_happenings.Newest).Key);
    }

    [Fact]
    public async Task Failed_visits_of_five_minutes_are_one_line()
    {
        _failed.CountError("hello");
        await ComesAsync("the first", () => Texts().SequenceEqual(["failed 1 visit"]));
        _failed.CountError("hello");
        await ComesAsync("the second", () => Texts().SequenceEqual(["failed 2 visits"]));
        _time.Advance(TimeSpan.FromMinutes(5));
        _failed.CountError("hello");
        await ComesAsync("one of later", () => Texts().SequenceEqual(["failed 1 visit"]));
    }

    private async Task WakeAsync(string app)
    {
        _apps.Since = _time.GetUtcNow();
        _apps.Host(app);
        _apps.Set(app, new AppState.Awake(new Uri("http://127.0.0.1:1")));
        await Eventually.TrueAsync("it is in the feed", () => _happenings.Newest is [{ Kind: "woke" } newest, ..] && newest.Account == app);
    }

    private void Pay(string id, ulong units, DateTimeOffset? at = null)
    {
        var when = at ?? _time.GetUtcNow();
        _books.Entries.RemoveAll(entry => entry.Id == id);
        _books.Entries.Insert(0, new StatementEntry(id, when, when, StatementKind.Credit, units, "stream", id, null, null, null));
    }

    private async Task ReadAsync(string account)
    {
        _changes.Raise(account);
        await ComesAsync($"the payment of {account}", () => Accounts().Contains(account));
    }

    // Each look keeps it reading, as an open dashboard does.
    private Task ComesAsync(string what, Func<bool> isThere) => Eventually.TrueAsync($"{what} has come", () =>
    {
        if (isThere()) return true;
        _time.Advance(TimeSpan.FromSeconds(2));
        return false;
    });

    private List<string> Accounts() => [.. _happenings.Newest.Select(each => each.Account)];

    private List<string> Texts() => [.. _happenings.Newest.Select(each => each.Text)];
}
