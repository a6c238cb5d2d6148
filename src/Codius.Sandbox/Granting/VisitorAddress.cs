using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Sandbox.Money;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Requests;
using OpenPayments.Net.Signatures;

namespace Codius.Sandbox.Granting;

/// <summary>
/// The wallet address of the visitor's wallet, which payments are made from: where its servers are, its asset, and the key that it signs
/// its own requests to receivers with.
/// </summary>
internal sealed class VisitorAddress(StateStore store, SandboxSettings settings, TimeProvider time)
{
    /// <summary>Its path at the wallet's origin, and the beginning of its servers' paths.</summary>
    public const string Path = "/me";

    public string Id => settings.WalletOrigin + Path;

    public string Origin => settings.WalletOrigin;

    public string AuthServer => Id + "/auth";

    public string ResourceServer => Id;

    public MessageSigner Signer { get; } = new(store.Derive("visitor wallet key"), "sandbox", time);

    public Task WriteAsync(HttpContext context)
    {
        Answers.OpenToAll(context.Response);
        return Answers.WriteAsync(context, StatusCodes.Status200OK, new JsonObject
        {
            ["id"] = Id,
            ["publicName"] = "The sandbox wallet, with play money",
            ["assetCode"] = settings.AssetCode,
            ["assetScale"] = settings.AssetScale,
            ["authServer"] = AuthServer,
            ["resourceServer"] = ResourceServer,
        });
    }

    public Task WriteKeysAsync(HttpContext context)
    {
        Answers.OpenToAll(context.Response);
        return Answers.WriteAsync(context, StatusCodes.Status200OK,
            new JsonObject { ["keys"] = new JsonArray(Signer.PublicJwk.ToJson()) });
    }

    /// <summary>An amount in the protocol's form.</summary>
    public JsonObject Amount(ulong units) => new()
    {
        ["value"] = units.ToString(CultureInfo.InvariantCulture),
        ["assetCode"] = settings.AssetCode,
        ["assetScale"] = settings.AssetScale,
    };

    /// <summary>Reads an amount; false unless it is one of this wallet's asset.</summary>
    public bool TryReadAmount(JsonElement json, out ulong units)
    {
        units = 0;
        return json.ValueKind == JsonValueKind.Object
            && Text(json, "value") is { } value && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out units)
            && units <= long.MaxValue
            && Text(json, "assetCode") == settings.AssetCode
            && json.TryGetProperty("assetScale", out var scale) && scale.ValueKind == JsonValueKind.Number
            && scale.TryGetInt32(out var digits) && digits == settings.AssetScale;
    }

    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
