using System.Buffers.Text;
using StackExchange.Redis;

namespace Codius.Web.Balances;

/// <summary>
/// The ledger's keys. All keys of an account share its slot (the part in braces), so that one script may use them together and an
/// account is moved, saved or lost as a whole. A test freezes the stored layout: it may only grow.
/// </summary>
internal static class BalanceKeys
{
    private const string ChangesPrefix = "codius:changed:";

    /// <summary>Number that is incremented after a restore: gateways that read a new one drop their leases.</summary>
    public static RedisKey Epoch { get; } = "codius:epoch";

    /// <summary>Never exists: a push to it only if it exists shows whether the store takes writes.</summary>
    public static RedisKey Probe { get; } = "codius:probe";

    /// <summary>String, always the same: a write that replicas can be waited for.</summary>
    public static RedisKey Written { get; } = "codius:written";

    /// <summary>The same on a Redis Cluster, in the slot of a key and for a second: WAIT speaks of the writes of one node.</summary>
    public static RedisKey WrittenBeside(RedisKey key)
    {
        var text = (string)key!;
        var (open, close) = (text.IndexOf('{'), text.IndexOf('}'));
        return $"codius:written:{{{(open >= 0 && close > open + 1 ? text[(open + 1)..close] : text)}}}";
    }

    /// <summary>Hash: the account's counters and leases.</summary>
    public static RedisKey Account(AccountId account) => $"codius:{{{account}}}";

    /// <summary>The pattern of the keys of accounts, and of a few others.</summary>
    public const string AccountPattern = "codius:{*}";

    /// <summary>Parses the key of an account; false for all other keys, and for the books of what connectors owe.</summary>
    public static bool TryReadAccount(string key, out AccountId account)
    {
        account = default;
        return key.StartsWith(AccountPattern[..^2], StringComparison.Ordinal) && key.EndsWith('}')
            && AccountId.TryParse(key[(AccountPattern.Length - 2)..^1], out account);
    }

    /// <summary>Hash: the newest changes by hand or with an id, and their reasons.</summary>
    public static RedisKey History(AccountId account) => $"codius:{{{account}}}:history";

    /// <summary>
    /// The books of an account, given the key of its hash: the list of its hours, the list of its days, and the hash of its statement.
    /// </summary>
    public static RedisKey[] Books(RedisKey account) => [account.Append(":hours"), account.Append(":days"), account.Append(":entries")];

    /// <summary>
    /// Hash: the books of the host, in a slot of their own: their sums, and by account what of it they have. Beside it are its hours and
    /// days, as beside an account.
    /// </summary>
    public static RedisKey HostBooks { get; } = "codius:{:books}";

    /// <summary>String: the gateway that keeps them; it ends when that gateway is silent.</summary>
    public static RedisKey HostBooksKeeper { get; } = "codius:{:books}:keeper";

    /// <summary>The field of the sums; no account has such an id.</summary>
    public static RedisValue HostTotals { get; } = ":totals";

    /// <summary>String: this packet was counted; its text is the receipt's total at that time.</summary>
    public static RedisKey Packet(AccountId account, ReadOnlySpan<byte> condition) =>
        $"codius:{{{account}}}:packet:{Base64Url.EncodeToString(condition)}";

    /// <summary>Hash: highest total counted per stream of a receipt nonce.</summary>
    public static RedisKey Receipt(AccountId account, ReadOnlySpan<byte> nonce) =>
        $"codius:{{{account}}}:receipt:{Base64Url.EncodeToString(nonce)}";

    /// <summary>
    /// The account's paid incoming payments. Hash: their records by id; sorted sets: their index by creator and time, their ends, and what
    /// they received.
    /// </summary>
    public static RedisKey[] IncomingPayments(AccountId account) =>
    [
        $"codius:{{{account}}}:payments", $"codius:{{{account}}}:payments:index", $"codius:{{{account}}}:payments:ends",
        $"codius:{{{account}}}:payments:received",
    ];

    /// <summary>
    /// What was counted on the account's incoming payments at the receiving wallet. Hash: the highest total and its end by payment; sorted
    /// set: the payments by that end.
    /// </summary>
    public static RedisKey[] WalletTotals(AccountId account) => [$"codius:{{{account}}}:wallet", $"codius:{{{account}}}:wallet:ends"];

    /// <summary>
    /// The incoming payments at the receiving wallet that are looked at, in a slot of their own. Hashes: their records and their states by
    /// id; sorted sets: the open ones by client and idle time, the clients by how many they have; then for hot and for idle ones their
    /// queue by account, client and time, and these by their turn; at last those that are about to be completed, by client.
    /// </summary>
    public static RedisKey[] WalletPayments { get; } =
    [
        "codius:{:wallet}", "codius:{:wallet}:states", "codius:{:wallet}:order", "codius:{:wallet}:clients",
        "codius:{:wallet}:hot", "codius:{:wallet}:hot:turns", "codius:{:wallet}:idle", "codius:{:wallet}:idle:turns",
        "codius:{:wallet}:closing",
    ];

    /// <summary>Sorted set: payments at the receiving wallet that were given up, by when.</summary>
    public static RedisKey GivenUpPayments { get; } = "codius:{:wallet}:given-up";

    /// <summary>
    /// Which accounts keep incoming payments, in a slot of their own. Hash: how many, by account, and their total; sorted sets: the
    /// accounts by what was credited to them for each payment, by when their payments are gone, and those of the last hour.
    /// </summary>
    public static RedisKey[] KeptPayments { get; } =
        ["codius:{:payments}", "codius:{:payments}:credited", "codius:{:payments}:ends", "codius:{:payments}:young"];

    /// <summary>Sorted set: which totals of receipts of packets the host keeps, by when they are gone; in a slot of its own.</summary>
    public static RedisKey KeptTotals { get; } = "codius:{:totals}";

    /// <summary>
    /// The newest payments of the host, in a slot of their own: sorted sets of reference, account and way, by when they last grew, and by
    /// reference.
    /// </summary>
    public static RedisKey[] HostPayments { get; } = ["codius:{:paid}", "codius:{:paid}:references"];

    /// <summary>
    /// The host's notes, in a slot of their own. Hash: the notes by id; sorted sets: their order by client and time, their ends, and the
    /// clients by how many they have.
    /// </summary>
    public static RedisKey[] Notes { get; } =
        ["codius:{:notes}", "codius:{:notes}:order", "codius:{:notes}:ends", "codius:{:notes}:clients"];

    /// <summary>String: the account an unbound nonce belongs to; in no account's slot, since only this key names the account.</summary>
    public static RedisKey Claim(ReadOnlySpan<byte> nonce) => $"codius:claim:{Base64Url.EncodeToString(nonce)}";

    /// <summary>String: an alert is being sent by a gateway, or was sent.</summary>
    public static RedisKey Alert(string id) => $"codius:alert:{id}";

    /// <summary>
    /// What the host's owner was told of, in a slot of its own. Hash: the alerts by id; sorted set: when a gateway last saw each, in
    /// milliseconds since 1970.
    /// </summary>
    public static RedisKey[] ToldAlerts { get; } = ["codius:{:alerts}:told", "codius:{:alerts}:seen"];

    /// <summary>
    /// The messages that wait for the webhooks of the host, or of the developers of apps. Hash: the messages by id; sorted set: until when
    /// each is one gateway's, in milliseconds since 1970.
    /// </summary>
    public static RedisKey[] AlertMessages(string audience) =>
        [$"codius:{{:alerts}}:{audience}", $"codius:{{:alerts}}:{audience}:held"];

    /// <summary>Sorted set: the apps whose developers are alerted, by when a gateway last checked, in milliseconds since 1970.</summary>
    public static RedisKey AlertedApps { get; } = "codius:alert-places";

    /// <summary>String: when the host last credited a payment, in milliseconds since 1970.</summary>
    public static RedisKey LastPayment { get; } = "codius:paid";

    /// <summary>Channel: the account changed.</summary>
    public static RedisChannel Changes(AccountId account) => RedisChannel.Literal(ChangesPrefix + account);

    /// <summary>The channels of all accounts.</summary>
    public static RedisChannel AllChanges { get; } = RedisChannel.Pattern(ChangesPrefix + "*");

    /// <summary>Parses the account of such a channel.</summary>
    public static bool TryReadAccount(RedisChannel changes, out AccountId account)
    {
        var text = changes.ToString();
        account = default;
        return text.StartsWith(ChangesPrefix, StringComparison.Ordinal) && AccountId.TryParse(text[ChangesPrefix.Length..], out account);
    }
}
