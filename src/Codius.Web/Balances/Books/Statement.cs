using System.Buffers.Text;
using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace Codius.Web.Balances.Books;

/// <summary>An account's statement as it is stored, and its pages.</summary>
internal static class Statement
{
    public const int LargestPage = 1000;

    /// <summary>A page of all entries, newest first.</summary>
    public static StatementPage Page(IEnumerable<HashEntry> stored, string? cursor, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestPage);
        var entries = stored.Select(Parse).OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id, StringComparer.Ordinal);
        var after = cursor is null ? null : ((DateTimeOffset At, string Id)?)ParseCursor(cursor);
        StatementEntry[] page = [.. entries.SkipWhile(entry => after is { } one && !IsAfter(entry, one)).Take(size + 1)];
        return page.Length <= size ? new StatementPage(page, null) : new StatementPage(page[..size], Cursor(page[size - 1]));
    }

    /// <summary>One entry as it is stored.</summary>
    public static StatementEntry Parse(HashEntry stored)
    {
        var id = (string)stored.Name!;
        var (kind, reference) = id.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at ? (id[..at], id[(at + 1)..]) : (id, "");
        var parts = ((string)stored.Value!).Split('\t', 6);
        if (parts.Length < 6) throw new FormatException($"'{stored.Value}' is not an entry of a statement");
        var amount = UInt128.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture);
        return new StatementEntry(
            id, Time(parts[1]), Time(parts[2]), KindOf(kind), (ulong)UInt128.Min(amount, ulong.MaxValue),
            kind is "stream" or "receipt" or "wallet" or "connector" ? kind : null, Text(reference), Text(parts[3]), Text(parts[5]),
            Text(parts[4]));
    }

    private static StatementKind KindOf(string word) => word switch
    {
        "adjust+" => StatementKind.AdjustedUp,
        "adjust-" => StatementKind.AdjustedDown,
        "refund" => StatementKind.Refund,
        "deploy" => StatementKind.Deploy,
        "spend" => StatementKind.Call,
        "forfeit" => StatementKind.Forfeit,
        _ => StatementKind.Credit,
    };

    // Entries keep their time, so that those of a page stay where they are while new ones come.
    private static bool IsAfter(StatementEntry entry, (DateTimeOffset At, string Id) last) =>
        entry.At < last.At || (entry.At == last.At && string.CompareOrdinal(entry.Id, last.Id) < 0);

    private static string Cursor(StatementEntry entry) => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{entry.At.ToUnixTimeMilliseconds()},{entry.Id}")));

    private static (DateTimeOffset At, string Id) ParseCursor(string cursor)
    {
        if (Base64Url.IsValid(cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(',', 2) is [var at, var id]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= 253402300799999)
            return (DateTimeOffset.FromUnixTimeMilliseconds(ms), id);
        throw new ArgumentException("This is no cursor of a statement.", nameof(cursor));
    }

    private static DateTimeOffset Time(string milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture));

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
