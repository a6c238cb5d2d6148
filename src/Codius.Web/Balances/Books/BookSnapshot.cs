using System.Globalization;

namespace Codius.Web.Balances.Books;

/// <summary>The sums by kind as they were at the end of an hour, counted since 1970; their order is that of books.lua.</summary>
internal sealed record BookSnapshot(long Hour, IReadOnlyList<UInt128> Sums)
{
    private const int Kinds = 14;
    private const int Others = 4;
    private const int AdjustedDown = 4;
    private const int CreditedBefore = 5;
    private const int SpentBefore = 11;
    private const int Refunded = 12;

    /// <summary>Nothing was booked yet.</summary>
    public static BookSnapshot Zero { get; } = new(-1, new UInt128[Kinds]);

    public DateTimeOffset Start => DateTimeOffset.UnixEpoch.AddHours(Hour);

    /// <summary>Parses an element of the lists of hours and days.</summary>
    public static BookSnapshot OfLine(string text)
    {
        var parts = text.Split(',');
        return parts.Length > Kinds // a later version may have more
            ? new BookSnapshot(long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), Parse(parts.AsSpan(1, Kinds)))
            : throw new FormatException($"'{text}' is not a line of the books");
    }

    /// <summary>Parses the field totals, given what the account has now: what is not in them moved without the books.</summary>
    public static BookSnapshot OfTotals(string text, UInt128 credited, UInt128 spent, long hour)
    {
        // Credited, spent, the hour of the last change, and when the account began come before the sums.
        var parts = text.Split(',');
        if (parts.Length < Others + Kinds)
            parts = ["0", "0", hour.ToString(CultureInfo.InvariantCulture), "", .. Enumerable.Repeat("", Kinds)];
        var sums = Parse(parts.AsSpan(Others, Kinds));
        var (countedCredited, countedSpent) = (Units(parts[0]), Units(parts[1]));
        sums[credited >= countedCredited ? CreditedBefore : AdjustedDown] += Distance(credited, countedCredited);
        sums[spent >= countedSpent ? SpentBefore : Refunded] += Distance(spent, countedSpent);
        return new BookSnapshot(long.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture), sums);
    }

    /// <summary>What was booked since an earlier snapshot.</summary>
    public BookTotals Since(BookSnapshot before)
    {
        var units = new ulong[Kinds];
        // A restored store may have less than it had before.
        for (var i = 0; i < Kinds; i++)
            units[i] = Sums[i] > before.Sums[i] ? (ulong)UInt128.Min(Sums[i] - before.Sums[i], ulong.MaxValue) : 0;
        return new BookTotals
        {
            PaidByStream = units[0],
            PaidByReceipt = units[1],
            PaidByWallet = units[2],
            AdjustedUp = units[3],
            AdjustedDown = units[AdjustedDown],
            CreditedBefore = units[CreditedBefore],
            Requests = units[6],
            Running = units[7],
            Deploys = units[8],
            Calls = units[9],
            Forfeited = units[10],
            SpentBefore = units[SpentBefore],
            Refunded = units[Refunded],
            GivenBack = units[13],
        };
    }

    private static UInt128[] Parse(ReadOnlySpan<string> parts)
    {
        var sums = new UInt128[parts.Length];
        for (var i = 0; i < parts.Length; i++) sums[i] = Units(parts[i]);
        return sums;
    }

    private static UInt128 Units(string text) =>
        text.Length == 0 ? 0 : UInt128.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static UInt128 Distance(UInt128 a, UInt128 b) => a > b ? a - b : b - a;
}
