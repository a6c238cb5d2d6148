namespace Interledger.Net.Spsp;

/// <summary>What is read as a <see cref="PaymentPointer"/> beyond RFC 26.</summary>
public sealed record PaymentPointerOptions
{
    internal static readonly PaymentPointerOptions Standard = new();

    /// <summary>For development: the pointers of a sandbox, which has neither port 443 nor a certificate.</summary>
    public static PaymentPointerOptions Development { get; } = new() { AllowPort = true, HttpOnThisMachine = true };

    /// <summary>Allows a port behind the host: <c>$wallet.localhost:8080</c>. RFC 26 has none.</summary>
    /// <value>False by default.</value>
    public bool AllowPort { get; init; }

    /// <summary>
    /// Pointers to <c>localhost</c>, names below it and loopback addresses stand for <c>http</c> URLs. No other pointer ever does.
    /// </summary>
    /// <value>False by default.</value>
    public bool HttpOnThisMachine { get; init; }
}
