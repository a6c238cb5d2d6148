using System.Globalization;
using Codius.Web.Admin.Access;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Debts;
using Codius.Web.Balances.Marks;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Admin.Actions;

/// <summary>Moves money by hand: refunds, adjustments, settlements; each once, whatever is repeated with its key.</summary>
/// <remarks>
/// Each method returns null, and has done nothing, if the admin used the key for another request; it throws
/// <see cref="LedgerUnavailableException"/> if the store is unavailable: then nothing was changed.
/// </remarks>
internal sealed class MoneyActions(
    IBalanceLedger ledger, IDebtors debtors, IAppCatalog catalog, IdempotencyKeys keys, ChangeHistory history, AuditedChanges changes,
    Asset asset, Supervisor supervisor)
{
    public const string Refund = "account.refund";
    public const string Adjust = "account.adjust";
    public const string Settle = "connector.settle";

    private readonly SupervisedWork _finishing = supervisor.Work("idempotency keys");

    /// <summary>Gives spent money back to the account.</summary>
    public ValueTask<SpendResult?> RefundAsync(
        AdminIdentity by, AccountId account, ulong units, string key, string reason, CancellationToken cancellation) =>
        MakeAsync(new Move(by, Refund, account.ToString(), account, units.ToString(CultureInfo.InvariantCulture), key, reason),
            async () => await ledger.ReadAsync(account, cancellation) is { } balance ? balance.Funds : null,
            id => ledger.RefundAsync(account, units, id, reason, by.Name, cancellation));

    /// <summary>Adds to an account, or takes from it, never below zero. No account, if it is none's here.</summary>
    public ValueTask<SpendResult?> AdjustAsync(
        AdminIdentity by, AccountId account, long units, string key, string reason, CancellationToken cancellation) =>
        MakeAsync(new Move(by, Adjust, account.ToString(), account, units.ToString("+0;-0", CultureInfo.InvariantCulture), key, reason),
            // An account that does not exist would be made by it.
            async () => await ledger.ReadAsync(account, cancellation) is { } balance ? balance.Funds
                : catalog.Current.IsPayable(account) ? 0UL : null,
            id => ledger.AdjustAsync(account, units, id, reason, by.Name, cancellation));

    /// <summary>
    /// Records that a connector has paid what it owes, or a part of it; with an id, the change has that in the ledger.
    /// </summary>
    public ValueTask<SpendResult?> SettleAsync(
        AdminIdentity by, string connector, ulong units, string key, string reason, CancellationToken cancellation, string? id = null) =>
        MakeAsync(new Move(by, Settle, connector, debtors.Find(connector)?.Book, units.ToString(CultureInfo.InvariantCulture), key, reason)
        {
            Id = id,
        },
            () => new(debtors.Find(connector)?.Owed),
            used => debtors.SettleAsync(connector, units, used, reason, by.Name, cancellation));

    private async ValueTask<SpendResult?> MakeAsync(
        Move move, Func<ValueTask<ulong?>> readFunds, Func<string, ValueTask<SpendResult>> change)
    {
        var (by, key, request) = (move.By, move.Key, $"{move.Action} {move.Subject}\n{move.Units}\n{move.Reason}");
        var use = await keys.UseAsync(by, key, request);
        if (use == KeyUse.OtherRequest) return null;
        var funds = await readFunds();
        if (use == KeyUse.Finished) return new SpendResult(SpendOutcome.Repeated, funds ?? 0);
        // Before the audit log: what does not exist could fill it.
        if (funds is null) return new SpendResult(SpendOutcome.NoAccount);
        var id = move.Id ?? IdempotencyKeys.IdOf(by, key);
        // It was begun before a crash or a lost answer, and an id of that time may be forgotten: to make it now could move it twice.
        if (use == KeyUse.Begun && move.Account is { } account
            && await history.MayHaveForgottenAsync(account, id, await keys.BegunAtAsync(by, key)))
            return new SpendResult(SpendOutcome.Forgotten, funds.Value);
        // A crash from here on: the key stands for the request without an end, and the ledger knows the id if the money was moved.
        var detail = $"{move.Units} units ({InWords(move.Units)}), id {id}";
        var result = await changes.MakeAsync(by, move.Action, move.Subject, move.Reason, detail,
            () => change(id), result => result.Outcome switch
            {
                SpendOutcome.Done => "done",
                SpendOutcome.Repeated => "repeated: nothing changed",
                SpendOutcome.Unavailable => AuditedChanges.NotKnown,
                var other => "refused: " + other,
            });
        // The money is moved, so that must be answered; if this cannot be written, a repeat soon is still known to the ledger.
        if (result.Outcome is SpendOutcome.Done or SpendOutcome.Repeated)
            await _finishing.TryAsync(async () => await keys.FinishAsync(by, key, request));
        return result;
    }

    private string InWords(string units) =>
        $"{(units[0] == '-' ? "-" : "")}{asset.Format(ulong.Parse(units.TrimStart('-', '+'), CultureInfo.InvariantCulture))} {asset.Code}";

    /// <summary>What an admin asks for.</summary>
    private sealed record Move(
        AdminIdentity By, string Action, string Subject, AccountId? Account, string Units, string Key, string Reason)
    {
        public string? Id { get; init; }
    }
}
