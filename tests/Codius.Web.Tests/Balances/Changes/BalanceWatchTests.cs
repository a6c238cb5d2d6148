using Codius.Testing;
using Codius.Testing.Pages;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Changes;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Changes;

/// <summary>When a watched account is read, and when what is known of it is enough.</summary>
public sealed class BalanceWatchTests : IAsyncLifetime
{
    private static readonly AccountId Account = AccountId.OfApp("watched");

    private readonly RedisServer _server = new();
    private readonly FakeTimeProvider _time = new();
    private readonly StagedBalances _ledger = new();
    private LedgerStore? _store;
    private IAsyncEnumerator<ulong>? _watching;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private BalanceHints Hints => _store!.Hints;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Stop);
        _store = LedgerStore.OnRedis(_server, _time);
        _ledger.Set("watched", 100);
        _watching = new BalanceChanges(_ledger, Hints, Supervised.By(_time), _time).WatchAsync(Account, Stop).GetAsyncEnumerator(Stop);
        Assert.Equal(100UL, await NextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _watching!.DisposeAsync();
        _store!.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_visits_of_this_gateway_leave_is_seen_without_a_reading()
    {
        for (ulong left = 99; left > 0; left -= 11)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Hints.Spent(Account, left, _time.GetTimestamp());
            Assert.Equal(left, await NextAsync());
        }
        Assert.Equal(1, _ledger.Reads);
    }

    [Fact]
    public async Task Of_what_visits_leave_within_a_quarter_of_a_second_the_last_is_seen()
    {
        Hints.Spent(Account, 90, _time.GetTimestamp());
        Hints.Spent(Account, 80, _time.GetTimestamp());
        Hints.Spent(Account, 70, _time.GetTimestamp());
        _time.Advance(BalanceWatch.ShortestPause);
        Assert.Equal(70UL, await NextAsync());
        Assert.Equal(1, _ledger.Reads);
    }

    [Fact]
    public async Task A_payment_is_read_also_while_visits_spend()
    {
        Hints.Spent(Account, 90, _time.GetTimestamp());
        _ledger.Set("watched", 190);
        Hints.Changed(Account);
        Hints.Spent(Account, 80, _time.GetTimestamp()); // answered before the payment
        _time.Advance(BalanceWatch.ShortestPause);
        Assert.Equal(190UL, await NextAsync());
        _ledger.Set("watched", 290);
        _time.Advance(BalanceWatch.ShortestPause);
        Hints.Changed(Account);
        Assert.Equal(290UL, await NextAsync());
    }

    [Fact]
    public async Task An_answer_that_was_asked_for_before_the_last_reading_is_not_believed()
    {
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        _ledger.Set("watched", 500);
        Hints.Changed(Account);
        Assert.Equal(500UL, await NextAsync());

        _time.Advance(TimeSpan.FromSeconds(1));
        Hints.Spent(Account, 3, asked); // from before the payment, late
        _ledger.Set("watched", 499);
        _time.Advance(BalanceWatch.ShortestPause);
        Assert.Equal(499UL, await NextAsync());
    }

    [Fact]
    public async Task An_account_at_rest_is_read_soon_after_the_store_was_away()
    {
        _time.Advance(TimeSpan.FromSeconds(60));
        _ledger.IsAway = true;
        _time.Advance(TimeSpan.FromSeconds(60));
        _ledger.IsAway = false;
        _ledger.Set("watched", 60);
        _time.Advance(TimeSpan.FromSeconds(2.3));
        Assert.Equal(60UL, await NextAsync());
    }

    [Fact]
    public async Task An_account_at_rest_is_read_every_ten_seconds_and_after_a_change_every_two_again()
    {
        Assert.Equal([2, 4, 6, 8, 18, 28], ReadsWithin(seconds: 35));

        Hints.Changed(Account);
        Assert.Equal([2, 4, 6, 8, 18], ReadsWithin(seconds: 25));
        _ledger.Set("watched", 50);
        Assert.Equal([3, 5, 7, 9], ReadsWithin(seconds: 10));
        Assert.Equal(50UL, await NextAsync());
    }

    [Fact]
    public async Task What_nobody_told_is_read_after_two_seconds()
    {
        _ledger.Set("watched", 50);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, _ledger.Reads);
        _time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(50UL, await NextAsync());
        Assert.Equal(2, _ledger.Reads);
    }

    [Fact]
    public async Task While_the_store_is_away_the_last_reading_stays_and_it_is_read_again()
    {
        _ledger.IsAway = true;
        _ledger.Set("watched", 60);
        for (var second = 0; second < 5; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Hints.Changed(Account);
        }
        _ledger.IsAway = false;
        var next = NextAsync();
        await Eventually.TrueAsync("it is read", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return next.IsCompleted;
        });
        Assert.Equal(60UL, await next);
    }

    /// <summary>After how many seconds it was read, of the whole ones.</summary>
    private List<int> ReadsWithin(int seconds)
    {
        var read = new List<int>();
        for (var second = 1; second <= seconds; second++)
        {
            var before = _ledger.Reads;
            _time.Advance(TimeSpan.FromSeconds(1));
            if (_ledger.Reads > before) read.Add(second);
        }
        return read;
    }

    private async Task<ulong> NextAsync()
    {
        Assert.True(await _watching!.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop));
        return _watching.Current;
    }
}
