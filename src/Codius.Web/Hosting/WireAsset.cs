using System.Globalization;

namespace Codius.Web.Hosting;

/// <summary>
/// The host's asset with the digits of the wire, which may be fewer than the ledger's: converts between both, exactly or rounded as said.
/// </summary>
/// <remarks>
/// While the scale is not known, no amount can be taken; what is only shown has the ledger's digits. Thread-safe.
/// </remarks>
internal sealed class WireAsset(Asset ledger)
{
    // Scale and factor change together: a reader never has the one without the other.
    private volatile Digits? _digits;

    public string Code => ledger.Code;

    /// <summary>Digits behind the point of one whole asset on the wire.</summary>
    public int Scale => AsAsset().Scale;

    public bool IsKnown => _digits is not null;

    /// <summary>Units of the ledger in one unit of the wire: a power of ten.</summary>
    public ulong Factor => _digits?.Factor ?? 1;

    /// <exception cref="ArgumentOutOfRangeException">The wire would be finer than the ledger, or the scale is negative.</exception>
    public void Set(int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, ledger.Scale);
        _digits = new Digits(new Asset(ledger.Code, scale), FactorOf(scale));
    }

    /// <summary>The same asset with the digits of the wire.</summary>
    public Asset AsAsset() => _digits?.Asset ?? ledger;

    /// <summary>Exactly the same amount in units of the ledger; false if no account can hold it, or the scale is not known.</summary>
    public bool TryToLedger(ulong wire, out ulong units) => TryMultiply(wire, _digits?.Factor, Asset.MaxAmount, out units);

    /// <summary>A running total, which may be more than an account can hold; false over 2^64-1, or if the scale is not known.</summary>
    public bool TryTotalToLedger(ulong wire, out ulong units) => TryMultiply(wire, _digits?.Factor, ulong.MaxValue, out units);

    /// <summary>
    /// A running total of a wire that had this scale, or without one the ledger's; false over 2^64-1, or if it was finer than the ledger.
    /// </summary>
    public bool TryTotalToLedger(ulong total, int? scale, out ulong units) =>
        TryMultiply(total, scale is not { } digits ? 1 : digits <= ledger.Scale ? FactorOf(digits) : null, ulong.MaxValue, out units);

    /// <summary>The least amount of the wire that is worth these units: what must be paid.</summary>
    public ulong ToWireUp(ulong units) => ToWireDown(units) + (units % Factor == 0 ? 0UL : 1);

    /// <summary>The most of the wire that these units are worth: what there is room for, or what was received.</summary>
    public ulong ToWireDown(ulong units) => units / Factor;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} at scale {Scale}");

    private ulong FactorOf(int scale)
    {
        var factor = 1UL;
        for (var digit = scale; digit < ledger.Scale; digit++) factor *= 10; // 10^12 at most
        return factor;
    }

    private static bool TryMultiply(ulong wire, ulong? by, ulong most, out ulong units)
    {
        units = 0;
        if (by is not { } factor || wire > most / factor) return false;
        units = wire * factor;
        return true;
    }

    private sealed record Digits(Asset Asset, ulong Factor);
}
