namespace Codius.Web.Admin.Dashboard.Payments;

/// <summary>A page of the host's payments, or those that a payer asks about.</summary>
/// <param name="Shown">What the payer can show; empty for any payment.</param>
/// <param name="Lines">The newest first.</param>
/// <param name="Next">The cursor of older ones; null if there are none.</param>
/// <param name="Code">The asset's code.</param>
public sealed record PaymentsModel(string Shown, IReadOnlyList<PaymentLine> Lines, string? Next, string Code)
{
    /// <summary>True beyond the first page.</summary>
    public bool IsLater { get; init; }

    public string Empty => Shown.Length == 0 ? "No payment yet."
        : "No payment of the host's newest has this. An app's own page has all of its statement.";
}
