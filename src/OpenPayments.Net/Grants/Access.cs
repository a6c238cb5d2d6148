using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Grants;

/// <summary>What a grant allows: actions on incoming payments, of one account or of any of this host.</summary>
/// <param name="Actions">The actions.</param>
/// <param name="Account">The account of the wallet address; null for any.</param>
internal sealed record Access(AccessActions Actions, string? Account)
{
    private const int MaxAccesses = 5;
    private static readonly string[] Names = ["create", "read", "read-all", "list", "complete"]; // in the order of the flags

    /// <summary>Reads the <c>access</c> member of a grant request; accesses to the same account become one.</summary>
    /// <returns>The error for the client; null if <paramref name="access"/> was read.</returns>
    public static string? Read(JsonElement json, IWalletAddresses addresses, out List<Access> access)
    {
        access = [];
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is 0 or > MaxAccesses)
            return "access_token.access must be a list of 1 to 5 accesses.";
        foreach (var item in json.EnumerateArray())
        {
            if (ReadOne(item, addresses, out var read) is { } fault) return fault;
            var same = access.FindIndex(other => other.Account == read!.Account);
            if (same < 0) access.Add(read!);
            else access[same] = read! with { Actions = read.Actions | access[same].Actions };
        }
        return null;
    }

    /// <summary>True if this allows one of the actions on the wallet address.</summary>
    public bool Allows(WalletAddress address, AccessActions actions) =>
        (Account is null || Account == address.Account) && (Actions & actions) != 0;

    /// <summary>Writes it as a client requests it.</summary>
    public JsonObject ToJson(IWalletAddresses addresses)
    {
        var actions = Names.Where((_, index) => ((int)Actions & 1 << index) != 0).Select(name => JsonValue.Create(name));
        var json = new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray([.. actions]) };
        if (Account is not null) json["identifier"] = addresses.OfAccount(Account)?.Id;
        return json;
    }

    private static string? ReadOne(JsonElement item, IWalletAddresses addresses, out Access? access)
    {
        access = null;
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            return "Each access needs a type.";
        if (type.GetString() != "incoming-payment")
            return $"Access of type '{type.GetString()}' is not given here; this host only receives: ask for incoming-payment.";
        if (!item.TryGetProperty("actions", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > 5)
            return "Each access needs a list of actions.";
        var actions = AccessActions.None;
        foreach (var action in list.EnumerateArray())
        {
            var index = action.ValueKind == JsonValueKind.String ? Array.IndexOf(Names, action.GetString()) : -1;
            if (index < 0) return $"The action {action.GetRawText()} is not given here; the actions are {string.Join(", ", Names)}.";
            actions |= (AccessActions)(1 << index);
        }
        string? account = null;
        if (item.TryGetProperty("identifier", out var identifier))
        {
            if (identifier.ValueKind != JsonValueKind.String) return "identifier must be a wallet address of this host.";
            if (addresses.Find(identifier.GetString()!) is not { } address)
                return $"{identifier.GetString()} is not a wallet address of this host.";
            account = address.Account;
        }
        access = new Access(actions, account);
        return null;
    }
}
