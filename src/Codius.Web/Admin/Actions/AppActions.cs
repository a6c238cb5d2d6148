using System.Globalization;
using Codius.Web.Admin.Access;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Actions;

/// <summary>What the host's owner does to one app; each is in the audit log.</summary>
/// <remarks>
/// Each method throws <see cref="LedgerUnavailableException"/> if the audit log cannot be written: then nothing was changed.
/// </remarks>
internal sealed class AppActions(
    IAppCatalog catalog, IAppSteering steering, AppWake waking, Prices prices, Asset asset, AuditedChanges changes)
{
    public const string Wake = "app.wake";
    public const string Sleep = "app.sleep";
    public const string Block = "app.block";
    public const string Unblock = "app.unblock";
    public const string Set = "app.set";

    /// <summary>How often a change is repeated that another admin's change of something else came before.</summary>
    private const int Tries = 5;

    /// <summary>Wakes it as a visit would that pays for it.</summary>
    public ValueTask<AppActionResult> WakeAsync(AdminIdentity by, string name, string reason, CancellationToken cancellation) =>
        MakeAsync(by, Wake, name, reason, null, () => waking.WakeAsync(name, cancellation));

    /// <summary>Has it put to sleep now; the next visit wakes it.</summary>
    public ValueTask<AppActionResult> SleepAsync(AdminIdentity by, string name, string reason, CancellationToken cancellation) =>
        MakeAsync(by, Sleep, name, reason, null, async () => ResultOf(await steering.RequestSleepAsync(name, cancellation),
                "It is put to sleep: open requests have a moment to end. The next visit wakes it."));

    /// <summary>
    /// Blocks it, unless another admin changed its settings since a version: no client may visit or pay it. Null words are the usual ones.
    /// </summary>
    public ValueTask<AppActionResult> BlockAsync(
        AdminIdentity by, string name, string? words, string reason, CancellationToken cancellation, long? expectedVersion = null) =>
        MakeAsync(by, Block, name, reason, words, async () =>
        {
            if (words is not null && SteeringRules.FaultOfWords(words) is { } fault)
                return AppActionResult.Refused(AppProblems.Bad("words", "words " + fault + "."));
            return await ChangeAsync(name, now => now with { BlockedWords = words ?? SteeringRules.UsualWords },
                "It is blocked, and put to sleep if it was awake. Its money is kept.", cancellation, expectedVersion);
        });

    /// <summary>Lets it be visited and paid again.</summary>
    public ValueTask<AppActionResult> UnblockAsync(
        AdminIdentity by, string name, string reason, CancellationToken cancellation, long? expectedVersion = null) =>
        MakeAsync(by, Unblock, name, reason, null, () => ChangeAsync(name, now => now with { BlockedWords = null },
            "It can be visited and paid again.", cancellation, expectedVersion));

    /// <summary>Sets its price and its cap, unless another admin changed them since a version; null: whatever it is.</summary>
    public ValueTask<AppActionResult> SetAsync(
        AdminIdentity by, string name, AppSettings set, long? expectedVersion, string reason, CancellationToken cancellation) =>
        MakeAsync(by, Set, name, reason, Describe(set), async () =>
        {
            if (set.PricePerRequest.Units is { } price && SteeringRules.FaultOfPrice(price, prices) is { } badPrice)
                return AppActionResult.Refused(AppProblems.Bad("pricePerRequest", "pricePerRequest " + badPrice + "."));
            if (set.MaxSpendPerHour.Units is { } cap && SteeringRules.FaultOfCap(cap) is { } badCap)
                return AppActionResult.Refused(AppProblems.Bad("maxSpendPerHour", "maxSpendPerHour " + badCap + "."));
            // A price says nothing of the block that stands for what cannot be read: it is the owner who decides whether that goes.
            if ((await steering.ReadAsync(name, cancellation)).IsUnreadable) return AppActionResult.Refused(AppProblems.Unreadable);
            return await ChangeAsync(name,
                now => now with
                {
                    PricePerRequest = set.PricePerRequest.Or(now.PricePerRequest),
                    MaxSpendPerHour = set.MaxSpendPerHour.Or(now.MaxSpendPerHour),
                },
                "It holds for requests from now on.", cancellation, expectedVersion);
        });

    private async ValueTask<AppActionResult> ChangeAsync(
        string name, Func<AppSteering, AppSteering> change, string text, CancellationToken cancellation, long? expected = null)
    {
        for (var tries = 1; ; tries++)
        {
            var now = await steering.ReadAsync(name, cancellation);
            var result = await steering.ChangeAsync(name, change(now) with { IsUnreadable = false }, expected ?? now.Version, cancellation);
            if (result != SteeringResult.Conflict || expected is not null || tries == Tries) return ResultOf(result, text);
        }
    }

    private async ValueTask<AppActionResult> MakeAsync(
        AdminIdentity by, string action, string name, string reason, string? detail, Func<ValueTask<AppActionResult>> act)
    {
        // Before the audit log: what does not exist could fill it. Also a deleted app may be unblocked, whose name is its owner's for a
        // while: deployed again it would be blocked.
        if (!catalog.Current.TryFind(name, out _) && !(action == Unblock && steering.Of(name).IsBlocked))
            return AppActionResult.Refused(AppProblems.NoSuchApp);
        return await changes.MakeAsync(by, action, name, reason, detail, async () =>
        {
            try
            {
                return await act();
            }
            catch (Exception away) when (away is AppStoreUnavailableException or LedgerUnavailableException)
            {
                return AppActionResult.Refused(AppProblems.StoreAway);
            }
        }, result => result.Outcome);
    }

    private static AppActionResult ResultOf(SteeringResult result, string text) => result switch
    {
        SteeringResult.Done => AppActionResult.Done(text),
        SteeringResult.Conflict => AppActionResult.Refused(AppProblems.Changed),
        _ => AppActionResult.Refused(AppProblems.StoreAway),
    };

    private string Describe(AppSettings set) => string.Join(", ",
        new[] { Describe("price", set.PricePerRequest), Describe("cap an hour", set.MaxSpendPerHour) }.Where(text => text.Length > 0));

    private string Describe(string what, SetUnits set) => !set.IsGiven ? ""
        : set.Units is { } units ? string.Create(CultureInfo.InvariantCulture, $"{what} {units} units ({asset.Format(units)} {asset.Code})")
        : $"no {what} of its own";
}
