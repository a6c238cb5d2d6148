namespace Codius.Web.Admin.Reading;

/// <summary>Which apps, in which order; null for any.</summary>
/// <param name="Cursor"><see cref="AppPage.Next"/> of the page before; null for the first one.</param>
/// <param name="Size">How many.</param>
/// <param name="Order">Their order.</param>
/// <param name="Search">A part of the name or the title.</param>
/// <param name="State">asleep, waking, awake or failed.</param>
/// <param name="Owner">The account of the deploy token that owns them.</param>
/// <param name="BalanceBelow">Those that have less than so many units.</param>
/// <param name="HasCap">Those whose requests have a cap per hour, or those without one.</param>
internal sealed record AppQuery(
    string? Cursor, int Size, AppOrder Order = AppOrder.Name, string? Search = null, string? State = null, string? Owner = null,
    ulong? BalanceBelow = null, bool? HasCap = null);

/// <summary>The orders of apps.</summary>
internal enum AppOrder
{
    /// <summary>By name.</summary>
    Name,

    /// <summary>Those with the least money first.</summary>
    Balance,

    /// <summary>Those that spend most first: the traffic.</summary>
    Spending,

    /// <summary>Those whose money is gone soonest first.</summary>
    RunsDry,
}
