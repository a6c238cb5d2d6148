using System.Globalization;
using Codius.Web.Admin.Access;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Debts;

namespace Codius.Web.Admin.Actions;

/// <summary>Moves money by hand: refunds, adjustments, settlements; each once, whatever is repeated with its id.</summary>
internal sealed class MoneyActions(IBalanceLedger ledger, IDebtors debtors, IAppCatalog catalog, AuditedChanges changes)
{
    public const string Refund = "account.refund";
    public const string Adjust = "account.adjust";
    public const string Settle = "connector.settle";

    /// <summary>Gives spent money back to the account.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; nothing was changed.</exception>
    public ValueTask<SpendResult> RefundAsync(
        AdminIdentity by, AccountId account, ulong units, string id, string reason, CancellationToken cancellation) =>
        MakeAsync(by, Refund, account.ToString(), units.ToString(CultureInfo.InvariantCulture), id, reason,
            () => ledger.RefundAsync(account, units, id, reason, by.Name, cancellation));

    /// <summary>Adds to an account, or takes from it, never below zero. No account, if it is none's here.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; nothing was changed.</exception>
    public async ValueTask<SpendResult> AdjustAsync(
        AdminIdentity by, AccountId account, long units, string id, string reason, CancellationToken cancellation)
    {
        // An account that nobody has would be made by it.
        if (!catalog.Current.IsPayable(account) && await ledger.ReadAsync(account, cancellation) is null)
            return new SpendResult(SpendOutcome.NoAccount);
        return await MakeAsync(by, Adjust, account.ToString(), units.ToString("+0;-0", CultureInfo.InvariantCulture), id, reason,
            () => ledger.AdjustAsync(account, units, id, reason, by.Name, cancellation));
    }

    /// <summary>Records that a connector has paid what it owes, or a part of it.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; nothing was changed.</exception>
    public ValueTask<SpendResult> SettleAsync(
        AdminIdentity by, string connector, ulong units, string id, string reason, CancellationToken cancellation) =>
        MakeAsync(by, Settle, connector, units.ToString(CultureInfo.InvariantCulture), id, reason,
            () => debtors.SettleAsync(connector, units, id, reason, by.Name, cancellation));

    private ValueTask<SpendResult> MakeAsync(
        AdminIdentity by, string action, string subject, string units, string id, string reason, Func<ValueTask<SpendResult>> change) =>
        changes.MakeAsync(by, action, subject, reason, $"{units} units, id {id}", change, result => result.Outcome switch
        {
            SpendOutcome.Done => "done",
            SpendOutcome.Repeated => "repeated: nothing changed",
            SpendOutcome.Unavailable => "not known: the store did not answer",
            var other => "refused: " + other,
        });
}
