using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Access;

/// <summary>The audit log in Redis: a sorted set of texts, whose order is that of time.</summary>
internal sealed partial class AuditLog(RedisStore store) : IAuditLog
{
    /// <summary>How many changes are kept, of about 500 bytes each.</summary>
    public const int Most = 10_000;

    private const int LongestText = 500;
    // A search reads this many entries for each page, so that one for nothing does not read all of them at once.
    private const int MostRead = 2_000;

    public async ValueTask WriteAsync(AuditEntry entry) => await CallAsync(async database =>
    {
        await database.SortedSetAddAsync(AdminKeys.Audit, MemberOf(entry), 0);
        // A crash before it: the next change deletes one more.
        return await database.SortedSetRemoveRangeByRankAsync(AdminKeys.Audit, 0, -Most - 1);
    });

    public async ValueTask EndAsync(AuditEntry begun, string outcome) => await CallAsync(database =>
    {
        // Both or none: the entry is never gone, and never there twice.
        var change = database.CreateTransaction();
        _ = change.SortedSetRemoveAsync(AdminKeys.Audit, MemberOf(begun));
        _ = change.SortedSetAddAsync(AdminKeys.Audit, MemberOf(begun with { Outcome = outcome }), 0);
        return change.ExecuteAsync();
    });

    public async ValueTask<AuditPage?> ReadAsync(AuditQuery query)
    {
        if (query.Cursor is { } cursor && !Cursor().IsMatch(cursor)) return null;
        var (found, before, read) = (new List<AuditEntry>(), query.Cursor, 0);
        if (query.Until is { } until && (before is null || string.CompareOrdinal(TimeOf(until), before) < 0)) before = TimeOf(until);
        var first = query.From is { } from ? (RedisValue)TimeOf(from) : default;
        while (true)
        {
            var at = before;
            // The client library would swap them.
            if (at is not null && query.From is not null && string.CompareOrdinal((string?)first, at) >= 0)
                return new AuditPage(found, null);
            var members = await CallAsync(database => database.SortedSetRangeByValueAsync(
                AdminKeys.Audit, first, at is null ? default : (RedisValue)at, exclude: Exclude.Stop, order: Order.Descending,
                take: query.Size + 1));
            foreach (var member in members)
            {
                var (text, entry) = ((string)member!, EntryOf((string)member!));
                if (found.Count == query.Size) return new AuditPage(found, before);
                before = CursorOf(text);
                if (IsFor(query, entry)) found.Add(entry);
            }
            read += members.Length;
            if (members.Length <= query.Size) return new AuditPage(found, null);
            if (read >= MostRead) return new AuditPage(found, before);
        }
    }

    private static bool IsFor(AuditQuery query, AuditEntry entry) =>
        (query.By is null || query.By == entry.By) && (query.Subject is null || query.Subject == entry.Subject)
        && (query.Action is null || query.Action == entry.Action);

    private static string MemberOf(AuditEntry entry)
    {
        var kept = entry with
        {
            Reason = Shortened(entry.Reason),
            Subject = Shortened(entry.Subject) ?? "",
            Detail = Shortened(entry.Detail),
        };
        return $"{TimeOf(entry.At)}-{entry.Id} "
            + JsonSerializer.Serialize(kept, AdminJson.Default.AuditEntry);
    }

    private static string TimeOf(DateTimeOffset at) =>
        Math.Max(0, at.ToUnixTimeMilliseconds()).ToString("D14", CultureInfo.InvariantCulture);

    private static string CursorOf(string member) => member[..member.IndexOf(' ', StringComparison.Ordinal)];

    private static AuditEntry EntryOf(string member) =>
        JsonSerializer.Deserialize(member[member.IndexOf(' ', StringComparison.Ordinal)..], AdminJson.Default.AuditEntry)!;

    private static string? Shortened(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;

    private Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call) => StoreTrouble.TranslateAsync(
        () => call(store.Connection.GetDatabase()), "The audit log cannot be read or written.");

    [GeneratedRegex(@"\A[0-9]{14}-[0-9a-f]{12}\z")]
    private static partial Regex Cursor();
}
