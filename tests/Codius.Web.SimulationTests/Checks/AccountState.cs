using System.Globalization;
using Codius.Web.Balances.Books;
using StackExchange.Redis;

namespace Codius.Web.SimulationTests.Checks;

/// <summary>An account's hash, as a script left it.</summary>
internal sealed record AccountState(
    ulong Credited, ulong Balance, ulong Spent, ulong Leased, IReadOnlyDictionary<string, StoredLease> Leases, ulong Forwarded,
    long? RanUntil, UInt128 RanRest, string? Wake, (long Since, int Count) Errors, BookTotals Books, long? EndsAt)
{
    public static AccountState None { get; } =
        new(0, 0, 0, 0, new Dictionary<string, StoredLease>(), 0, null, 0, null, default, new BookTotals(), null);

    /// <summary>What can still be paid; units of forwarded requests cannot.</summary>
    public ulong Funds => Balance + Leased - Forwarded;

    /// <summary>True once there is an account, until it ends.</summary>
    public bool Exists => this != None;

    public static AccountState Parse(RedisResult result, string endsAt)
    {
        var texts = (RedisValue[])result!;
        if (texts.Length == 0) return None;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < texts.Length; i += 2) fields[texts[i]!] = texts[i + 1]!;
        var leases = Parts("leases").ToDictionary(
            lease => lease[0], lease => new StoredLease(Units(lease[1]), Units(lease[2]), Number(lease[3]), Number(lease[4])));
        var forwarded = Parts("forwarded").Aggregate(0UL, (sum, lease) => sum + Units(lease[1]));
        return new AccountState(
            Units(fields["credited"]), Units(fields["balance"]), Units(fields["spent"]), Units(fields["leased"]), leases, forwarded,
            fields.TryGetValue("ranUntil", out var ran) ? Number(ran) : null,
            fields.TryGetValue("ranRest", out var rest) && rest != "" ? UInt128.Parse(rest, CultureInfo.InvariantCulture) : 0,
            fields.TryGetValue("wake", out var wake) && wake != "" ? wake : null,
            fields.TryGetValue("errors", out var errors) && errors.Split(',') is [var since, var count]
                ? (Number(since), (int)Number(count)) : default,
            BookSnapshot.OfTotals(fields["totals"], Units(fields["credited"]), Units(fields["spent"]), 0).Since(BookSnapshot.Zero),
            endsAt == "" ? null : Number(endsAt));

        IEnumerable<string[]> Parts(string field) =>
            fields[field].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(','));
    }

    private static ulong Units(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
        ? units : throw new BrokenRuleException($"No amount is negative: {text}");

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>A lease in the account's hash.</summary>
internal readonly record struct StoredLease(ulong Granted, ulong Used, long Sequence, long Expires)
{
    public ulong Out => Granted - Used;
}
