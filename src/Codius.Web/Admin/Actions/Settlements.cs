using Codius.Web.Admin.Access;
using Codius.Web.Balances;
using Codius.Web.Balances.Debts;

namespace Codius.Web.Admin.Actions;

/// <summary>Settlements by programs that have the token of the settings: in the audit log as those of any admin.</summary>
internal sealed class Settlements(MoneyActions actions) : ISettlements
{
    public ValueTask<SpendResult?> SettleAsync(
        string debtor, ulong units, string key, string? from, CancellationToken cancellation) =>
        // The id is the key alone, as it always was: a repeat that a gateway of an earlier version has booked stays one.
        actions.SettleAsync(
            new AdminIdentity(AdminIdentity.OfSettings, AdminScopes.All, from), debtor, units, key, "settled", cancellation, id: key);
}
