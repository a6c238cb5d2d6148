using System.Text.Json.Nodes;
using Codius.Sandbox.Granting;
using static Codius.Sandbox.Granting.VisitorAddress;

namespace Codius.Sandbox.Ordering;

/// <summary>
/// Reads receivers' incoming payments as wallets' servers do: the public view, which names the authorization server; once for each of
/// those a grant to read all; then the whole, signed.
/// </summary>
internal sealed class ReceiverReader(SignedCalls calls, VisitorAddress wallet)
{
    private readonly Newest<string> _tokens = new(100);

    /// <summary>The incoming payment; null if it cannot be read or paid.</summary>
    public async Task<Receiver?> ReadAsync(string receiver, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(receiver, UriKind.Absolute, out var url)) return null;
        var (status, view) = await calls.SendAsync(HttpMethod.Get, url, null, null, cancellation);
        if (status != 200 || !Uri.TryCreate(Text(view, "authServer"), UriKind.Absolute, out var authServer)) return null;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await TokenAsync(authServer, cancellation) is not { } token) return null;
            (status, var whole) = await calls.SendAsync(HttpMethod.Get, url, null, token, cancellation);
            if (status == 200) return Receiver.Read(receiver, whole, wallet);
            if (status is not (401 or 403)) return null;
            _tokens.Remove(authServer.AbsoluteUri); // it has expired
        }
        return null;
    }

    private async Task<string?> TokenAsync(Uri authServer, CancellationToken cancellation)
    {
        if (_tokens.Find(authServer.AbsoluteUri) is { } known) return known;
        var access = new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray("read-all") };
        var (status, json) = await calls.SendAsync(HttpMethod.Post, authServer, new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = new JsonArray(access) },
            ["client"] = wallet.Id,
        }, null, cancellation);
        if (status != 200 || !json.TryGetProperty("access_token", out var token) || Text(token, "value") is not { Length: > 0 } value)
            return null;
        _tokens.Put(authServer.AbsoluteUri, value);
        return value;
    }
}
