using System.Globalization;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>The part of a list that a client wants: forward from a cursor by <c>first</c>, or back from it by <c>last</c>.</summary>
/// <param name="Count">The most it wants; 1 to 100.</param>
/// <param name="Cursor">The payment before the page, or behind it if <paramref name="Back"/>; null for the list's beginning.</param>
/// <param name="Back">True for the payments just before the cursor.</param>
public sealed record PageRequest(int Count, Guid? Cursor, bool Back)
{
    private const int Most = 100;
    private const int Usual = 20;

    internal static bool TryRead(string? cursor, string? first, string? last, out PageRequest? page)
    {
        page = null;
        var count = Usual;
        if ((last is not null && (first is not null || cursor is null)) || ((last ?? first) is { } text && !TryReadCount(text, out count)))
            return false;
        Guid? id = null;
        if (cursor is not null)
        {
            if (!Guid.TryParse(cursor, out var read)) return false;
            id = read;
        }
        page = new PageRequest(count, id, last is not null);
        return true;
    }

    private static bool TryReadCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= Most;
}
