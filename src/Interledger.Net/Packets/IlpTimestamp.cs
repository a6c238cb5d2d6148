namespace Interledger.Net.Packets;

/// <summary>
/// A Prepare's expiry on the wire: 17 ASCII digits, <c>YYYYMMDDHHmmssSSS</c>, UTC (RFC 27). Dates that do not exist are invalid, not
/// rolled over.
/// </summary>
internal static class IlpTimestamp
{
    public const int Length = 17;

    public static bool TryRead(ReadOnlySpan<byte> digits, out DateTimeOffset time)
    {
        time = default;
        if (digits.Length != Length || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        int year = Number(digits[..4]), month = Number(digits[4..6]), day = Number(digits[6..8]);
        int hour = Number(digits[8..10]), minute = Number(digits[10..12]), second = Number(digits[12..14]);
        if (year == 0 || month is 0 or > 12 || day == 0
            || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        time = new DateTimeOffset(year, month, day, hour, minute, second, Number(digits[14..]), TimeSpan.Zero);
        return true;
    }

    public static void Write(DateTimeOffset time, Span<byte> digits)
    {
        var utc = time.UtcDateTime;
        Digits(utc.Year, digits[..4]);
        Digits(utc.Month, digits[4..6]);
        Digits(utc.Day, digits[6..8]);
        Digits(utc.Hour, digits[8..10]);
        Digits(utc.Minute, digits[10..12]);
        Digits(utc.Second, digits[12..14]);
        Digits(utc.Millisecond, digits[14..17]);
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
            value = value * 10 + digit - '0';
        return value;
    }

    private static void Digits(int value, Span<byte> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--, value /= 10)
            digits[i] = (byte)('0' + value % 10);
    }
}
