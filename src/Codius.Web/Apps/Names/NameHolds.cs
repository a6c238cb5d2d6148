using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Names;

/// <summary>The records in Redis, each beside its app's account; one script changes them, by the store's own clock.</summary>
internal sealed class NameHolds(LedgerScripts scripts, IBalanceLedger ledger, IAppSteering steering, IOptions<AppOptions> options)
    : INameHolds
{
    /// <summary>Owns the names of the host's own apps.</summary>
    private const string Host = "-";

    /// <summary>Longer than a cluster needs to show a new app; a deploy that it refused holds the name no longer.</summary>
    private static readonly TimeSpan ClaimLifetime = TimeSpan.FromMinutes(5);

    public async ValueTask<AccountId?> OwnerAsync(string name, CancellationToken cancellation)
    {
        var (outcome, text, _) = await RunAsync("owner", name, null, cancellation);
        return outcome == "held" ? Parse(text) : null;
    }

    public async ValueTask<AccountId?> ClaimAsync(string name, AccountId? owner, CancellationToken cancellation)
    {
        while (true)
        {
            var (outcome, text, until) = await RunAsync("claim", name, owner, cancellation);
            if (outcome == "held") return Parse(text);
            if (outcome == "done") return null;
            // The money goes first: a crash in between leaves the record, and the next caller books what was paid since.
            var forfeited = await ledger.ForfeitAsync(AccountId.OfApp(name), $"kept until {until}",
                "the name was deleted and its time is over", cancellation);
            // Recalled: until gateways have returned what they lease, it would be the next owner's.
            if (forfeited.Outcome is SpendOutcome.Recalled or SpendOutcome.Unavailable)
                throw new AppStoreUnavailableException($"What is left of '{name}' cannot be booked now.");
            // Nor does the next owner get what the host's owner set for the one before.
            await steering.ForgetAsync(name, cancellation);
            await RunTextAsync("forfeited", name, text, cancellation);
        }
    }

    public async ValueTask ExistsAsync(string name, AccountId? owner, CancellationToken cancellation) =>
        await RunAsync("exists", name, owner, cancellation);

    public async ValueTask HoldAsync(string name, AccountId? owner, CancellationToken cancellation) =>
        await RunAsync("deleting", name, owner, cancellation);

    public async ValueTask HoldRecordedAsync(string name, CancellationToken cancellation) =>
        await RunAsync("unknown", name, null, cancellation);

    public async ValueTask GoneAsync(string name, AccountId? owner, CancellationToken cancellation) =>
        await RunAsync("gone", name, owner, cancellation);

    // Of the host itself, or a record that cannot be read: held all the same, and by no asker's account.
    private static AccountId Parse(string text) => AccountId.TryParse(text, out var owner) ? owner : default;

    private ValueTask<(string Outcome, string Text, string Until)> RunAsync(
        string what, string name, AccountId? owner, CancellationToken cancellation) =>
        RunTextAsync(what, name, owner?.ToString() ?? Host, cancellation);

    private async ValueTask<(string Outcome, string Text, string Until)> RunTextAsync(
        string what, string name, string owner, CancellationToken cancellation)
    {
        var account = BalanceKeys.Account(AccountId.OfApp(name));
        var result = await scripts.TryRunAsync(LedgerScript.NameRecord, [$"{account}:kept", account],
            [what, owner, Milliseconds(options.Value.KeepName), Milliseconds(ClaimLifetime)]).AsTask().WaitAsync(cancellation);
        return result is null
            ? throw new AppStoreUnavailableException("The store of names' owners cannot be asked.")
            : ((string)result[0]!, (string)result[1]!, (string)result[2]!);
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
