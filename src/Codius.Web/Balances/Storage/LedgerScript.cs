using System.Security.Cryptography;
using System.Text;

namespace Codius.Web.Balances.Storage;

/// <summary>A Lua script of the ledger, with the files it depends on prepended; known to the store by its hash.</summary>
internal sealed class LedgerScript
{
    private LedgerScript(string name, params string[] parts)
        : this(name, string.Join('\n', [.. parts.Select(Begun), Read(name)]), parts.Contains("account"))
    {
    }

    private LedgerScript(string name, string text, bool changesAccount)
    {
        (Name, Text, ChangesAccount) = (name, text, changesAccount);
        // Redis identifies scripts by SHA-1; no security depends on it.
#pragma warning disable CA5350
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Text));
#pragma warning restore CA5350
    }

    // The functions of a part are made once, also in a script of several accounts, and what they know of one is read anew for each.
    private const string ReadAccount = "readAccount()";

    private static readonly string[] CreditParts = ["amounts", "books", "account", "statement", "incoming", "incoming-credit"];
    private static readonly string[] LeaseParts = ["amounts", "books", "account", "statement", "cap"];

    public static LedgerScript Credit { get; } = new("credit", CreditParts);

    /// <summary>Runs <see cref="Credit"/> for several accounts. Its keys and arguments are already complete.</summary>
    public static LedgerScript Credits { get; } = Shared("credits", CreditParts, "credit");

    public static LedgerScript CreditWallet { get; } = new("credit-wallet", CreditParts);

    public static LedgerScript EndTotal { get; } = new("end-total");

    public static LedgerScript ClaimNonce { get; } = new("claim-nonce");

    public static LedgerScript Lease { get; } = new("lease", LeaseParts);

    /// <summary>Runs <see cref="Lease"/> for several accounts. Its keys and arguments are already complete.</summary>
    public static LedgerScript Leases { get; } = Shared("leases", LeaseParts, "lease");

    public static LedgerScript BillRunning { get; } = new("bill-running", "amounts", "books", "account", "wake", "cap");

    public static LedgerScript EndWake { get; } = new("end-wake", "amounts", "books", "account", "wake");

    public static LedgerScript Spend { get; } = new("spend", "amounts", "books", "account", "statement", "history");

    public static LedgerScript Refund { get; } = new("refund", "amounts", "books", "account", "statement", "history");

    public static LedgerScript Adjust { get; } = new("adjust", "amounts", "books", "account", "statement", "history");

    public static LedgerScript Book { get; } = new("book", "amounts", "books", "account", "statement");

    public static LedgerScript Forfeit { get; } = new("forfeit", "amounts", "books", "account", "statement", "history");

    public static LedgerScript HostBooks { get; } = new("host-books", "amounts", "books");

    public static LedgerScript CompleteIncoming { get; } = new("complete-incoming", "incoming");

    public static LedgerScript KeepIncoming { get; } = new("keep-incoming");

    public static LedgerScript KeepTotal { get; } = new("keep-total");

    public static LedgerScript NotePayments { get; } = new("note-payments");

    public static LedgerScript ListIncoming { get; } = new("list-incoming", "incoming");

    public static LedgerScript Note { get; } = new("note");

    public static LedgerScript OpenLook { get; } = new("open-look", "looks");

    public static LedgerScript ClaimLooks { get; } = new("claim-looks", "looks");

    public static LedgerScript EndLook { get; } = new("end-look", "looks");

    public static LedgerScript HintLook { get; } = new("hint-look", "looks");

    public static LedgerScript NameRecord { get; } = new("name-record");

    public static LedgerScript Heartbeat { get; } = new("heartbeat");

    public string Name { get; }

    /// <summary>
    /// True if its last argument is what an account must have been paid to be kept for good, and its last keys are those of the account's
    /// books.
    /// </summary>
    public bool ChangesAccount { get; }

    public string Text { get; }

    public byte[] Hash { get; }

    /// <summary>True if it runs the script of one account for several.</summary>
    public bool IsShared => this == Credits || this == Leases;

    private static string Begun(string part) => part == "account" ? $"{Read(part)}\n{ReadAccount}" : Read(part);

    // The script of one account is a function of that which runs it for several.
    private static LedgerScript Shared(string name, string[] parts, string one) => new(name, $"""
        local KEYS, ARGV = KEYS, ARGV
        {Join(parts)}
        local function {one}()
        {ReadAccount}
        {Read(one)}
        end
        {Read(name)}
        """, changesAccount: false);

    private static string Join(string[] parts) => string.Join('\n', parts.Select(Read));

    /// <summary>Reads one file of the folder Scripts.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(LedgerScript).Assembly.GetManifestResourceStream($"Codius.Web.Balances.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
