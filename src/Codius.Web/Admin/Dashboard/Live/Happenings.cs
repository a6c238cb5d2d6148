using System.Threading.Channels;
using Codius.Shared;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Admin.Dashboard.Live;

/// <summary>
/// The newest payments, cold starts and errors, in memory: starts and failed visits as this gateway saw them, payments from the statements
/// of accounts that changed, which are read only while a dashboard is open.
/// </summary>
internal sealed class Happenings(
    IAppRunner runner, FailedVisits failedVisits, IBalanceChanges balances, IBooks books, Asset asset, Supervisor supervisor,
    TimeProvider time)
    : SupervisedService(supervisor.Work("dashboard"))
{
    /// <summary>How many are kept.</summary>
    public const int Most = 40;

    private const int MostChanged = 200;
    private const int ReadAtOnce = 20;
    private const int NewestEntries = 5;

    /// <summary>How long failed visits of one app are one happening.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Looking = TimeSpan.FromMinutes(1);

    private readonly Channel<string> _changedApps = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly HashSet<AccountId> _changedAccounts = [];
    private readonly Dictionary<string, AppStatus> _statuses = new(StringComparer.Ordinal);
    private readonly RecentlyUsed<string, ShownAmount> _amounts = new(2_000);
    private readonly FailingApps _failing = new();
    private readonly LinkedList<Happening> _kept = new();
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private long _lookedAt = time.GetTimestamp();
    private long _starts;

    /// <summary>Raised after each; handlers are quick.</summary>
    public event Action? Changed;

    /// <summary>How many apps woke here since the gateway started.</summary>
    public long Starts => Volatile.Read(ref _starts);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Happening> Newest
    {
        get
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
            lock (_gate) return [.. _kept];
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        runner.StateChanged += Enqueue;
        using var listening = balances.Listen(Note);
        try
        {
            await Task.WhenAll(FollowAppsAsync(stoppingToken), FollowPaymentsAsync(stoppingToken));
        }
        finally
        {
            runner.StateChanged -= Enqueue;
        }
    }

    private void Enqueue(string app) => _changedApps.Writer.TryWrite(app);

    private void Note(AccountId account)
    {
        lock (_gate)
        {
            // More than can be read soon: the next change of the account comes again.
            if (_changedAccounts.Count < MostChanged) _changedAccounts.Add(account);
        }
    }

    private async Task FollowAppsAsync(CancellationToken cancellation)
    {
        await foreach (var name in _changedApps.Reader.ReadAllAsync(cancellation))
        {
            var (before, now) = (_statuses.GetValueOrDefault(name), runner.StatusOf(name));
            if (now is null) _statuses.Remove(name);
            else _statuses[name] = now;
            if (Describe(name, before, now) is not { } happening) continue;
            if (happening.Kind == "woke") Interlocked.Increment(ref _starts);
            Add(happening);
        }
    }

    private Happening? Describe(string name, AppStatus? before, AppStatus? now) => (before?.State, now?.State) switch
    {
        (AppState.Failed was, AppState.Failed failed) when was.Reason == failed.Reason => null,
        (_, AppState.Failed failed) => New(name, "failed", "could not start", failed.Reason),
        (AppState.WakingState, AppState.Awake) => New(name, "woke", $"woke in {Seconds(now!.Since - before!.Since)}", null),
        // It woke within a moment. One that has been awake for longer was adopted by this gateway.
        (not AppState.Awake, AppState.Awake) when time.GetUtcNow() - now!.Since < Moment => New(name, "woke", "woke", null),
        (AppState.Awake, null) => New(name, "slept", "fell asleep", null),
        _ => null,
    };

    private Happening New(string name, string kind, string text, string? detail)
    {
        var now = time.GetUtcNow();
        return new Happening($"{name}/{now.Ticks}", now, kind, name, text, detail is { Length: > 200 } ? detail[..200] + "…" : detail);
    }

    private async Task FollowPaymentsAsync(CancellationToken cancellation)
    {
        using var timer = SharedTicks.Every(Pace, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            AddFailedVisits();
            if (time.GetElapsedTime(Volatile.Read(ref _lookedAt)) > Looking) continue;
            foreach (var account in TakeChanged())
            {
                try
                {
                    await ReadPaymentsAsync(account, cancellation);
                }
                catch (LedgerUnavailableException)
                {
                    // Its health says so; the account changes again.
                    break;
                }
            }
        }
    }

    private void AddFailedVisits()
    {
        foreach (var line in _failing.Next(failedVisits.Take(), line => Find(line.Key) is not null, time.GetUtcNow()))
        {
            if (line.Instead is { } gone) Remove(gone.Key);
            AddFailedVisits(line.Of, line.Visits);
        }
    }

    private void AddFailedVisits(FailingApp line, long visits)
    {
        var (known, now) = (Find(line.Key), time.GetUtcNow());
        if (known is not null && now - known.Began < Together) visits += known.Visits ?? 0;
        else known = null;
        var count = Shown.Count(visits, "visit");
        Add(new Happening(line.Key, now, line.Kind, line.App, line.IsUnpaid ? $"had no money for {count}" : $"failed {count}",
            line.IsUnpaid ? "402: it must be paid first" : "5xx, of the app or of the host")
        {
            Visits = visits,
            Began = known?.Began ?? now,
        });
    }

    private Happening? Find(string key)
    {
        lock (_gate) return _kept.FirstOrDefault(happening => happening.Key == key);
    }

    private void Remove(string key)
    {
        lock (_gate)
        {
            if (_kept.FirstOrDefault(happening => happening.Key == key) is { } known) _kept.Remove(known);
        }
    }

    private List<AccountId> TakeChanged()
    {
        lock (_gate)
        {
            List<AccountId> taken = [.. _changedAccounts.Take(ReadAtOnce)];
            _changedAccounts.ExceptWith(taken);
            return taken;
        }
    }

    private async ValueTask ReadPaymentsAsync(AccountId account, CancellationToken cancellation)
    {
        var page = await books.ReadEntriesAsync(account, null, NewestEntries, cancellation);
        foreach (var entry in page.Entries.Reverse())
        {
            if (entry.Kind != StatementKind.Credit || entry.Last < _began) continue;
            var key = $"{account}/{entry.Id}";
            var known = _amounts.GetOrAdd(key, static _ => new ShownAmount());
            if (known.Amount == entry.Amount) continue;
            known.Amount = entry.Amount;
            Add(new Happening(key, entry.Last, "paid", account.ToString(), $"was paid {Shown.Short(entry.Amount, asset)} {asset.Code}",
                entry.Payer)
            {
                IsOfApp = !account.IsDeployToken,
            });
        }
    }

    private void Add(Happening happening)
    {
        lock (_gate)
        {
            Remove(happening.Key);
            _kept.AddFirst(happening);
            if (_kept.Count > Most) _kept.RemoveLast();
        }
        Work.Raise(Changed);
    }

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " s";

    /// <summary>The amount of a payment that was shown last.</summary>
    private sealed class ShownAmount
    {
        public ulong Amount { get; set; }
    }
}
