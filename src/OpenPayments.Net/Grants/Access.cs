using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenPayments.Net.Grants;

/// <summary>What a grant allows: actions on incoming payments, of one wallet address or of any of this host.</summary>
/// <param name="Actions">Of <c>create read read-all list complete</c>.</param>
/// <param name="Identifier">The wallet address; null for any.</param>
public sealed record Access(IReadOnlyList<string> Actions, string? Identifier)
{
    private static readonly string[] Known = ["create", "read", "read-all", "list", "complete"];

    /// <summary>Reads the <c>access</c> member of a grant request.</summary>
    /// <returns>The fault in plain words; null if <paramref name="access"/> was read.</returns>
    public static string? Read(JsonElement json, out List<Access> access)
    {
        access = [];
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is 0 or > 5) return "access_token.access must be a list of 1 to 5 accesses.";
        foreach (var item in json.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
                return "Each access needs a type.";
            if (type.GetString() != "incoming-payment")
                return $"Access of type '{type.GetString()}' is not given here; this host only receives: ask for incoming-payment.";
            if (!item.TryGetProperty("actions", out var actions) || actions.ValueKind != JsonValueKind.Array || actions.GetArrayLength() is 0 or > 5)
                return "Each access needs a list of actions.";
            if (actions.EnumerateArray().FirstOrDefault(action => action.ValueKind != JsonValueKind.String || !Known.Contains(action.GetString()))
                is { ValueKind: not JsonValueKind.Undefined } strange)
                return $"The action {strange.GetRawText()} is not given here; the actions are {string.Join(", ", Known)}.";
            string? identifier = null;
            if (item.TryGetProperty("identifier", out var named))
            {
                if (named.ValueKind != JsonValueKind.String) return "identifier must be a wallet address of this host.";
                identifier = named.GetString();
            }
            access.Add(new Access([.. actions.EnumerateArray().Select(action => action.GetString()!).Distinct()], identifier));
        }
        return null;
    }

    /// <summary>True if this allows one of the actions on the wallet address.</summary>
    public bool Allows(string walletAddress, params ReadOnlySpan<string> actions)
    {
        if (Identifier is not null && Identifier != walletAddress) return false;
        foreach (var action in actions)
            if (Actions.Contains(action)) return true;
        return false;
    }

    /// <summary>Writes it as it was asked for.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray([.. Actions.Select(action => JsonValue.Create(action))]) };
        if (Identifier is not null) json["identifier"] = Identifier;
        return json;
    }
}
