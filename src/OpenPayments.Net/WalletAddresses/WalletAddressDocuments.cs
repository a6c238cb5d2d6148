using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Requests;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.WalletAddresses;

/// <summary>
/// Answers requests for a wallet address, and for the keys beside it. <see cref="OpenPaymentsEndpoints.MapOpenPayments"/> maps them
/// below the origin; a program whose wallet addresses are elsewhere, such as one on each app's own host, calls this from its own endpoints.
/// </summary>
public sealed class WalletAddressDocuments
{
    private const string KeysPath = "/jwks.json";
    private const string SpspMediaType = "application/spsp4+json";
    private readonly IWalletAddresses _addresses;
    private readonly OpenPaymentsOptions _options;
    private readonly IReadOnlyList<Jwk> _keys;

    internal WalletAddressDocuments(IWalletAddresses addresses, OpenPaymentsOptions options, IReadOnlyList<Jwk> keys) =>
        (_addresses, _options, _keys) = (addresses, options, keys);

    /// <summary>Writes the wallet address of an account, or 404. <c>Vary: Accept</c>, since SPSP may be served at the same URL.</summary>
    public Task WriteAsync(HttpContext context, string account)
    {
        context.Response.Headers.Vary = "Accept";
        return _addresses.OfAccount(account) is { } address ? WriteAsync(context, address.ToJson(_options)) : WriteNotFoundAsync(context);
    }

    /// <summary>
    /// Writes the public keys that the program signs with when it is itself a client, the current one first; an empty list if it has none.
    /// </summary>
    public Task WriteKeysAsync(HttpContext context) =>
        WriteAsync(context, new JsonObject { ["keys"] = new JsonArray([.. _keys.Select(key => key.ToJson())]) });

    /// <summary>Writes that there is no such wallet address.</summary>
    public static Task WriteNotFoundAsync(HttpContext context)
    {
        Answers.OpenToAll(context.Response);
        return Answers.WriteAsync(context, OpenPaymentsError.NotFound("There is no such wallet address on this host."));
    }

    /// <summary>Answers below the origin: SPSP if it is asked for and served here, else the document.</summary>
    internal Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept";
        if (_options.SpspHandler is { } spsp
            && context.Request.Headers.Accept.Any(accept => accept?.Contains(SpspMediaType, StringComparison.OrdinalIgnoreCase) == true))
            return spsp(context);
        return Find(context.Request.Path) is { } address ? WriteAsync(context, address.Account) : WriteNotFoundAsync(context);
    }

    /// <summary>Answers below the origin with the keys of a wallet address.</summary>
    internal Task AnswerKeysAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        return Find(path[..^KeysPath.Length]) is null ? WriteNotFoundAsync(context) : WriteKeysAsync(context);
    }

    private WalletAddress? Find(PathString path) => _addresses.Find(_options.Origin + path.ToUriComponent());

    private static Task WriteAsync(HttpContext context, JsonObject json)
    {
        Answers.OpenToAll(context.Response);
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Answers.WriteAsync(context, StatusCodes.Status200OK, json);
    }
}
