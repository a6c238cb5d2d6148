using Codius.Web.Balances.Books;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary>Entries of an account's statement, the newest first.</summary>
/// <param name="Lines">The entries.</param>
/// <param name="Next">The cursor of older ones; null if there are none.</param>
/// <param name="Code">The asset's code.</param>
public sealed record StatementModel(IReadOnlyList<StatementModel.Line> Lines, string? Next, string Code)
{
    internal static StatementModel Of(StatementPage page, Asset asset) => new(
        [
            .. page.Entries.Select(entry => new Line(
                entry.Last, What(entry), entry.By is { } by ? $"{by}: {entry.Reason}" : entry.Payer ?? entry.Reason ?? "", entry.Reference,
                (IsMore(entry.Kind) ? "+" : "−") + asset.Format(entry.Amount))),
        ], page.Next, asset.Code);

    private static bool IsMore(StatementKind kind) => kind is StatementKind.Credit or StatementKind.AdjustedUp or StatementKind.Refund;

    /// <summary>How a payment came, in words.</summary>
    internal static string PaidBy(string? way) => way switch
    {
        "receipt" => "Paid, by a receipt",
        "wallet" => "Paid, to the host's wallet",
        "connector" => "Owed for packets",
        _ => "Paid",
    };

    private static string What(StatementEntry entry) => entry.Kind switch
    {
        StatementKind.Credit => PaidBy(entry.Way),
        StatementKind.AdjustedUp => "Given by hand",
        StatementKind.AdjustedDown => "Taken by hand, or settled",
        StatementKind.Refund => "Refund",
        StatementKind.Deploy => "Deploy",
        StatementKind.Call => "Spent by a program",
        _ => "Forfeited",
    };

    /// <summary>One entry.</summary>
    public sealed record Line(DateTimeOffset At, string What, string Who, string? Reference, string Amount);
}
