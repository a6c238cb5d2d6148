using System.Globalization;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Api;

/// <summary>Sums by kind, in whole units, as decimal strings.</summary>
/// <param name="PaidByStream">Paid by STREAM packets.</param>
/// <param name="PaidByReceipt">Paid by posted receipts.</param>
/// <param name="PaidByWallet">Paid to the host's receiving wallet.</param>
/// <param name="AdjustedUp">Added by hand.</param>
/// <param name="AdjustedDown">Taken away by hand.</param>
/// <param name="Requests">Spent on requests.</param>
/// <param name="Running">Spent on running time.</param>
/// <param name="Deploys">Spent on deploys.</param>
/// <param name="Calls">Spent by programs of the host, through the receipt verifier's URLs.</param>
/// <param name="Forfeited">Left on accounts whose names were free again.</param>
/// <param name="Refunded">Given back by hand.</param>
/// <param name="GivenBack">Given back for wakes that failed.</param>
/// <param name="Earned">What the host earned by it: spent, without what was given back.</param>
internal sealed record TotalsModel(
    string PaidByStream, string PaidByReceipt, string PaidByWallet, string AdjustedUp, string AdjustedDown, string Requests,
    string Running, string Deploys, string Calls, string Forfeited, string Refunded, string GivenBack, string Earned)
{
    public static TotalsModel Of(BookTotals totals) => new(
        Text(totals.PaidByStream), Text(totals.PaidByReceipt), Text(totals.PaidByWallet), Text(totals.AdjustedUp),
        Text(totals.AdjustedDown), Text(totals.Requests), Text(totals.Running), Text(totals.Deploys), Text(totals.Calls),
        Text(totals.Forfeited), Text(totals.Refunded), Text(totals.GivenBack),
        Earnings.Of(totals).ToString(CultureInfo.InvariantCulture));

    private static string Text(ulong units) => units.ToString(CultureInfo.InvariantCulture);
}
