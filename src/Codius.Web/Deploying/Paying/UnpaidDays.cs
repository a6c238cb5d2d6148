using System.Globalization;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Deploying.Paying;

/// <summary>
/// Counts the days on which nobody pays for an app, in a record beside its account: <c>owner hash days time credited</c>, with the time of
/// the last count in milliseconds and what its accounts had been credited at the first. Days are counted and no date is kept, so that
/// neither a clock that jumps nor a host that was off ends an app.
/// </summary>
internal sealed class UnpaidDays(RedisStore store, IOptions<AppOptions> options, TimeProvider time)
{
    /// <summary>Less than a day: the looks of two days may be a little closer than that.</summary>
    public static readonly TimeSpan LeastBetween = TimeSpan.FromHours(20);

    /// <summary>A record ends by itself so long after its last count, of an app that is gone or a host that was off.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private IDatabase Database => store.Connection.GetDatabase();

    /// <summary>After so many days an app ends.</summary>
    public int Most => (int)Math.Ceiling(options.Value.KeepUnpaid.TotalDays);

    /// <summary>
    /// Counts today, unless it was counted; returns the days so far, of this version of the app. They begin anew, with 0, once the app's
    /// accounts were credited the least that pays for it: each look sees one moment of a day, and by then it may be spent.
    /// </summary>
    /// <param name="app">The app, which cannot pay now.</param>
    /// <param name="credited">All that its accounts were ever credited.</param>
    /// <param name="least">What a wake and a request cost.</param>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; today may have been counted.</exception>
    public async ValueTask<int> CountAsync(HostedApp app, ulong credited, ulong least)
    {
        var (key, now) = (Key(app.Name), time.GetUtcNow());
        return await RunAsync(async () =>
        {
            var text = (string?)await Database.StringGetAsync(key);
            // Not another owner's, nor that of an earlier version, since whose end a deploy was paid.
            var record = Record.Read(text, app.Owner, app.Hash);
            // An account that ended takes what it was credited with it; records of earlier releases do not say it.
            var before = Math.Min(record?.Credited ?? credited, credited);
            if (credited - before >= Math.Max(least, 1))
            {
                // Another gateway may have counted meanwhile, without this money: that day is forgotten too.
                await Database.KeyDeleteAsync(key);
                return 0;
            }
            if (record is { } last && last.At <= now && now - last.At < LeastBetween) return last.Days;
            // A last count in the future is of a clock that was ahead: the next one is a day from now.
            var days = record is { } ahead && ahead.At > now ? ahead.Days : (record?.Days ?? 0) + 1;

            var transaction = Database.CreateTransaction();
            transaction.AddCondition(text is null ? Condition.KeyNotExists(key) : Condition.StringEqual(key, text));
            _ = transaction.StringSetAsync(key, new Record($"{app.Owner}", app.Hash, days, now, before).ToString(), Kept);
            if (await transaction.ExecuteAsync()) return days;
            // Another gateway has counted meanwhile, or the app was paid.
            return Record.Read(await Database.StringGetAsync(key), app.Owner, app.Hash)?.Days ?? 0;
        });
    }

    /// <summary>In how many days an app ends; null while none is counted.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<int?> LeftAsync(StoredApp app) =>
        app.Owner is not null
        && Record.Read(await RunAsync(() => Database.StringGetAsync(Key(app.Name))), app.Owner, app.Hash) is { } record
            ? Math.Max(Most - record.Days, 0) : null;

    /// <summary>The app is paid, is another one or is gone: the next count begins at one. Safe to repeat.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask ForgetAsync(string app) => await RunAsync(() => Database.KeyDeleteAsync(Key(app)));

    private static RedisKey Key(string app) => $"{BalanceKeys.Account(AccountId.OfApp(app))}:unpaid";

    private static Task<T> RunAsync<T>(Func<Task<T>> call) =>
        StoreTrouble.TranslateAsync(call, "The days on which nobody paid for an app cannot be read or written.");

    private readonly record struct Record(string Owner, string Hash, int Days, DateTimeOffset At, ulong? Credited)
    {
        /// <summary>The record of this owner's version of the app; null for none.</summary>
        public static Record? Read(string? text, AccountId? owner, string hash) =>
            text?.Split(' ') is [var whose, var of, var days, var at, .. var rest] && whose == $"{owner}" && of == hash
                ? new Record(whose, of, int.Parse(days, CultureInfo.InvariantCulture),
                    DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)),
                    rest is [var credited] ? ulong.Parse(credited, CultureInfo.InvariantCulture) : null)
                : null;

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Owner} {Hash} {Days} {At.ToUnixTimeMilliseconds()} {Credited}");
    }
}
