using System.Globalization;

namespace Interledger.Net.Streaming.Sending;

/// <summary>An exchange rate as a ratio of integers, so that no amount is ever converted to floating point.</summary>
/// <param name="Delivered">Units that arrive, in the receiver's asset and scale.</param>
/// <param name="Sent">Units that must be sent for them, in the sender's asset and scale; at least 1.</param>
public readonly record struct ExchangeRate(ulong Delivered, ulong Sent) : IComparable<ExchangeRate>
{
    private const uint BasisPoints = 10_000;

    /// <summary>The least that arrives when <paramref name="amount"/> is sent: the product, rounded down, at most 2^64-1.</summary>
    /// <param name="amount">Units to send.</param>
    /// <returns>Units of the receiver.</returns>
    public ulong Floor(ulong amount) => Saturated((UInt128)amount * Delivered / Sent);

    /// <summary>The same product, rounded up, at most 2^64-1.</summary>
    /// <param name="amount">Units to send.</param>
    /// <returns>Units of the receiver.</returns>
    public ulong Ceiling(ulong amount) => Saturated(DivideUp((UInt128)amount * Delivered, Sent));

    /// <summary>What must be sent so that at least <paramref name="delivered"/> arrives, rounded up, at most 2^64-1.</summary>
    /// <param name="delivered">Units of the receiver.</param>
    /// <returns>Units to send; 2^64-1 at a rate of zero, at which nothing is enough.</returns>
    public ulong SourceFor(ulong delivered) => Delivered == 0 ? ulong.MaxValue : Saturated(DivideUp((UInt128)delivered * Sent, Delivered));

    /// <summary>The lowest rate that is still accepted when the rate may fall by some basis points; never above the exact result.</summary>
    /// <param name="basisPoints">Hundredths of a percent, 0 to 10,000.</param>
    /// <returns>The lower rate.</returns>
    public ExchangeRate Lower(int basisPoints)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(basisPoints);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(basisPoints, (int)BasisPoints);
        var delivered = (UInt128)Delivered * (BasisPoints - (uint)basisPoints);
        var sent = (UInt128)Sent * BasisPoints;
        while (delivered > ulong.MaxValue || sent > ulong.MaxValue)
        {
            delivered >>= 1;
            sent = DivideUp(sent, 2);
        }

        return new ExchangeRate((ulong)delivered, (ulong)sent);
    }

    /// <inheritdoc />
    public int CompareTo(ExchangeRate other) => ((UInt128)Delivered * other.Sent).CompareTo((UInt128)other.Delivered * Sent);

    /// <summary>Whether the left rate is lower.</summary>
    public static bool operator <(ExchangeRate left, ExchangeRate right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left rate is higher.</summary>
    public static bool operator >(ExchangeRate left, ExchangeRate right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left rate is not higher.</summary>
    public static bool operator <=(ExchangeRate left, ExchangeRate right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left rate is not lower.</summary>
    public static bool operator >=(ExchangeRate left, ExchangeRate right) => left.CompareTo(right) >= 0;

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Delivered}/{Sent}");

    private static UInt128 DivideUp(UInt128 value, UInt128 by) => (value + by - 1) / by;

    private static ulong Saturated(UInt128 value) => value > ulong.MaxValue ? ulong.MaxValue : (ulong)value;
}
