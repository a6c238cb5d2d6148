using System.Collections.Concurrent;
using System.Security.Cryptography;
using Codius.Web.Balances.Changes;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Balances.Books;

/// <summary>
/// Keeps the books of the host: one gateway adds what accounts book, of those that changed within half a minute, of all now and then.
/// </summary>
/// <remarks>
/// If two gateways do it for a moment, nothing counts twice. After a crash another one begins with all accounts, so that nothing is missed
/// but the hour in which it was booked.
/// </remarks>
internal sealed class HostBooks(
    RedisStore store, HostBooksWriter writer, BalanceHints hints, LedgerHealth health, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("books of the host"))
{
    /// <summary>How long another gateway waits for one that is silent.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PagesOfTick = TimeSpan.FromMilliseconds(200);
    private const int TicksOfChanges = 15;
    private const int MostChanged = 100_000;

    private readonly string _id = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly IDatabase _database = store.Connection.GetDatabase();
    private ConcurrentDictionary<AccountId, byte> _changed = new();
    private ConcurrentDictionary<AccountId, byte> _settled = new();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Tick, time);
        IDisposable? listening = null;
        AccountScan? scan = null;
        var (ticks, roundEnded) = (0, (long?)null);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (ticks++ % TicksOfChanges == 0)
                {
                    if (await IsKeeperAsync()) listening ??= hints.ListenToAll(Changed);
                    else
                    {
                        listening?.Dispose();
                        (listening, scan, roundEnded) = (null, null, null);
                    }
                    if (listening is not null) await Work.TryAsync(IncludeChangedAsync, stoppingToken);
                }
                if (listening is null) continue;
                if (scan is null && (roundEnded is not { } ended || time.GetElapsedTime(ended) >= BetweenRounds))
                    scan = new AccountScan(store);
                if (scan is null) continue;
                // Of many accounts that end, the books must forget as many as come.
                var began = time.GetTimestamp();
                do
                {
                    var page = scan;
                    scan = null; // a page that fails begins the round anew
                    if (!await TryPageAsync(page)) break;
                    if (page.IsOver) roundEnded = time.GetTimestamp();
                    else scan = page;
                }
                while (scan is not null && time.GetElapsedTime(began) < PagesOfTick && !stoppingToken.IsCancellationRequested);
            }
        }
        finally
        {
            listening?.Dispose();
        }
    }

    private void Changed(AccountId account)
    {
        // The next round has what is left out.
        if (_changed.Count < MostChanged) _changed.TryAdd(account, 0);
    }

    // Of changes close together only the first is published: what is read now was published before the last time, so all of them are there.
    private async Task IncludeChangedAsync()
    {
        var accounts = _settled;
        _settled = Interlocked.Exchange(ref _changed, new ConcurrentDictionary<AccountId, byte>());
        if (await TryAsync(() => writer.IncludeAsync([.. accounts.Keys]))) return;
        foreach (var account in accounts.Keys) _settled.TryAdd(account, 0);
    }

    private Task<bool> TryPageAsync(AccountScan scan) => TryAsync(async () => await writer.IncludeAsync(await scan.NextAsync()));

    private Task<bool> IsKeeperAsync() => TryAsync(async () =>
        await _database.StringSetAsync(BalanceKeys.HostBooksKeeper, _id, Silence, When.NotExists)
        || (await _database.StringGetAsync(BalanceKeys.HostBooksKeeper) == _id
            && await _database.KeyExpireAsync(BalanceKeys.HostBooksKeeper, Silence)));

    private async Task<bool> TryAsync(Func<Task<bool>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("books", trouble);
            return false;
        }
    }
}
