using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NSec.Cryptography;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Requests;

/// <summary>A request whose form is right and whose signature waits for the client's key.</summary>
internal sealed class SignedRequest
{
    private const int MaxBody = 64 * 1024;
    private readonly SignedMessage _message;
    private readonly SignatureInput _input;

    private readonly IPAddress? _caller;

    private SignedRequest(SignedMessage message, SignatureInput input, string? token, IPAddress? caller)
    {
        _message = message;
        _input = input;
        _caller = caller;
        Token = token;
    }

    /// <summary>What stands behind <c>Authorization: GNAP</c>; null if the request carries no grant token.</summary>
    public string? Token { get; }

    /// <summary>Reads the body, bounded, and checks all of the signature that needs no key.</summary>
    public static async Task<(SignedRequest? Request, OpenPaymentsError? Error)> ReadAsync(HttpContext context, string origin)
    {
        var request = context.Request;
        if (request.ContentLength > MaxBody) return (null, OpenPaymentsError.TooLarge);
        // One byte beyond the limit distinguishes a body that is too large from one that just fits.
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBody) return (null, OpenPaymentsError.TooLarge);
        }
        var message = new SignedMessage(request.Method, origin + TargetOf(context), name => HeaderOf(request, name), body.ToArray());
        if (SignatureVerifier.Examine(message, out var input) is { } fault) return (null, OpenPaymentsError.BadSignature(fault));
        return (new SignedRequest(message, input!, GnapToken(request), context.Connection.RemoteIpAddress), null);
    }

    /// <summary>The body as JSON; null if it is none, or has texts that are no Unicode.</summary>
    public JsonElement? Json()
    {
        try
        {
            return JsonDocument.Parse(_message.Body).RootElement is var json && UnicodeText.IsIn(json) ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Finds the client's key by the name in the signature, and verifies the signature with it.</summary>
    public async ValueTask<(PublicKey? Key, OpenPaymentsError? Error)> VerifyAsync(
        Client client, ClientKeys keys, CancellationToken cancellation)
    {
        var key = await keys.FindAsync(client, _input.KeyId, _caller, cancellation);
        if (key is null)
            return (null, OpenPaymentsError.UnknownClient($"The client has no key '{_input.KeyId}', or its jwks.json cannot be fetched."));
        if (!SignatureVerifier.Verify(_message, _input, key))
        {
            // A wallet may change its key and keep the name: Rafiki does so at each start without a key file.
            key = await keys.FindSuccessorAsync(client, key, _caller, cancellation);
            if (key is null || !SignatureVerifier.Verify(_message, _input, key))
                return (null, OpenPaymentsError.BadSignature("The signature does not fit the request."));
        }
        keys.Verified(client, _caller);
        return (key.PublicKey, null);
    }

    /// <summary>
    /// Verifies the signature with the key that a token is bound to, whatever the signature calls it; null if it is right.
    /// </summary>
    public OpenPaymentsError? Verify(PublicKey key) => SignatureVerifier.Verify(_message, _input, key)
        ? null
        : OpenPaymentsError.BadSignature(
            "The signature is not by the key that the request for this grant was signed with; sign with it, or ask for a new grant.");

    /// <summary>The token of the Authorization header; null if there is none of the GNAP scheme.</summary>
    public static string? GnapToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("GNAP ", StringComparison.OrdinalIgnoreCase) ? header["GNAP ".Length..].Trim() : null;
    }

    private static string? HeaderOf(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) ? string.Join(", ", values.ToArray()) : null;

    // To the letter: what the client signed is what it sent, escapes included.
    private static string TargetOf(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return raw is ['/', ..] ? raw : $"{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}";
    }
}
