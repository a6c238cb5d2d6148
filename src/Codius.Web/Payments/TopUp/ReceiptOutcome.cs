using Codius.Web.Balances;

namespace Codius.Web.Payments.TopUp;

/// <summary>The outcome of a posted receipt: the status and text of the receipt verifier of 2020, or the credit.</summary>
/// <param name="Status">200, 400, 409, 413 or 503.</param>
/// <param name="Text">The error's text; empty if it was credited.</param>
/// <param name="Credit">The ledger's result, if it was reached.</param>
internal readonly record struct ReceiptOutcome(int Status, string Text, CreditResult Credit = default)
{
    private const string AmountTooLarge = "receipt amount exceeds max 64 bit signed integer";
    private const string BalanceTooLarge = "balance cannot exceed max 64 bit signed integer";

    public static ReceiptOutcome TooLarge { get; } = new(413, PlainText.TooLarge);

    public static ReceiptOutcome Malformed { get; } = new(400, "receipt malformed");

    public static ReceiptOutcome InvalidVersion { get; } = new(400, "invalid version");

    public static ReceiptOutcome InvalidHmac { get; } = new(400, "invalid hmac");

    /// <summary>An unbound receipt for an account that does not exist here.</summary>
    public static ReceiptOutcome NoSuchAccount { get; } = new(404, "Not Found");

    /// <summary>Its total is more than 64 bits in units of the ledger.</summary>
    public static ReceiptOutcome TotalTooLarge { get; } = new(409, AmountTooLarge);

    /// <summary>The receiving wallet has not said its asset yet, or another than before; posted again later, the receipt counts.</summary>
    public static ReceiptOutcome ScaleUnknown { get; } = new(503, "the receipt could not be counted now; post it again");

    public static ReceiptOutcome Of(CreditResult credit, ulong total) => credit.Outcome switch
    {
        CreditOutcome.Credited => new(200, "", credit),
        CreditOutcome.AlreadyCounted or CreditOutcome.Expired or CreditOutcome.Closed => new(400, "expired receipt", credit),
        CreditOutcome.OtherAccount => new(400, "receipt belongs to another account", credit),
        CreditOutcome.NoRoom => new(409, total > long.MaxValue ? AmountTooLarge : BalanceTooLarge, credit),
        _ => new(503, "the receipt could not be counted now; post it again", credit),
    };
}
