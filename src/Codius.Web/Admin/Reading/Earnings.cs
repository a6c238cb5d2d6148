using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Reading;

/// <summary>What the host earned and was paid, by its books.</summary>
internal static class Earnings
{
    /// <summary>What was spent here, without what was given back; below zero if more was given back than spent.</summary>
    public static Int128 Of(BookTotals totals) =>
        (Int128)totals.Requests + totals.Running + totals.Deploys + totals.Calls + totals.Forfeited - totals.Refunded - totals.GivenBack;

    /// <summary>What payers paid in.</summary>
    public static UInt128 PaidIn(BookTotals totals) => (UInt128)totals.PaidByStream + totals.PaidByReceipt + totals.PaidByWallet;
}
