using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Reading;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>What each connector owes the host, most of its bound first; without a bound, the one that owes most.</summary>
public sealed record DebtsModel(IReadOnlyList<DebtModel> Debts)
{
    internal static DebtsModel Of(IEnumerable<ConnectorRow> connectors, Asset asset) => new(
        [.. connectors.OrderByDescending(connector => connector.Owed).ThenBy(connector => connector.Name, StringComparer.Ordinal)
            .Select(connector => DebtModel.Of(connector, asset)).OrderByDescending(debt => debt.Percent)]);
}

/// <summary>What one connector owes.</summary>
/// <param name="Name">The connector.</param>
/// <param name="Owed">How much.</param>
/// <param name="Limit">How much it may owe.</param>
/// <param name="Percent">What it owes of that, at most 100.</param>
/// <param name="IsBounded">There is a limit.</param>
/// <param name="SettledAt">When it last settled; null if never, or not known.</param>
public sealed record DebtModel(string Name, AmountModel Owed, AmountModel Limit, int Percent, bool IsBounded, DateTimeOffset? SettledAt)
{
    public string Level => Percent >= 95 ? Overview.Level.Bad : Percent >= 80 ? Overview.Level.Warn : Overview.Level.Good;

    public string InWords(DateTimeOffset now) =>
        (!IsBounded ? "not bounded" : $"{Percent} % of what it may owe")
        + (SettledAt is { } at ? $"; settled {Shown.Length(now - at)} ago" : "");

    internal static DebtModel Of(ConnectorRow connector, Asset asset) => new(
        connector.Name, AmountModel.Of(connector.Owed, asset), AmountModel.Of(connector.Limit, asset),
        Math.Min(Shown.Percent(connector.Owed, connector.Limit), 100), connector.Limit > 0, connector.LastSettledAt);
}
