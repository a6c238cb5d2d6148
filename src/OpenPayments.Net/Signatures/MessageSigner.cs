using NSec.Cryptography;

namespace OpenPayments.Net.Signatures;

/// <summary>Signs requests as a client of Open Payments: the form wallets expect (label sig1, Ed25519, keyid and created).</summary>
public sealed class MessageSigner
{
    internal const string UsualPrefix = "key";

    private const int NameLength = 8;

    private readonly Key _key;
    private readonly TimeProvider _time;

    /// <summary>Signs with a key that the program keeps.</summary>
    /// <param name="privateKey">A private Ed25519 key: 32 random bytes.</param>
    /// <param name="keyId">The key's name in <c>jwks.json</c>.</param>
    /// <param name="time">The clock of the signatures.</param>
    public MessageSigner(ReadOnlySpan<byte> privateKey, string keyId, TimeProvider time)
    {
        _key = Key.Import(SignatureAlgorithm.Ed25519, privateKey, KeyBlobFormat.RawPrivateKey);
        _time = time;
        PublicJwk = new Jwk(keyId, _key.PublicKey);
    }

    /// <summary>
    /// Signs with a key that is named after itself, as <c>AddOpenPayments</c> publishes it: the prefix, a dash, and eight characters of the
    /// key's thumbprint.
    /// </summary>
    /// <param name="privateKey">A private Ed25519 key: 32 random bytes.</param>
    /// <param name="time">The clock of the signatures.</param>
    /// <param name="prefix">How its name begins, see <see cref="OpenPaymentsOptions.SigningKeyPrefix"/>.</param>
    public static MessageSigner Named(ReadOnlySpan<byte> privateKey, TimeProvider time, string prefix = UsualPrefix)
    {
        var thumbprint = new MessageSigner(privateKey, "", time).PublicJwk.Thumbprint;
        return new MessageSigner(privateKey, $"{prefix}-{thumbprint[..NameLength]}", time);
    }

    /// <summary>The public half, for <c>jwks.json</c>.</summary>
    public Jwk PublicJwk { get; }

    /// <summary>Adds Content-Digest, Signature-Input and Signature to a request; everything else must be on it already.</summary>
    /// <exception cref="InvalidOperationException">It has a body without a Content-Type.</exception>
    public async Task SignAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellation);
        List<string> components = ["@method", "@target-uri"];
        if (request.Headers.Authorization is not null) components.Add("authorization");
        if (request.Content is { } content && body.Length > 0)
        {
            content.Headers.Add("Content-Digest", ContentDigest.Of(body));
            content.Headers.ContentLength = body.Length;
            components.AddRange(["content-digest", "content-length", "content-type"]);
        }
        var message = new SignedMessage(request.Method.Method, request.RequestUri!.AbsoluteUri, name => HeaderOf(request, name), body);
        var covered = string.Join(' ', components.Select(component => $"\"{component}\""));
        var parameters = $"({covered});keyid=\"{PublicJwk.KeyId}\";created={_time.GetUtcNow().ToUnixTimeSeconds()}";
        var signed = message.SignatureBase(components, parameters)
            ?? throw new InvalidOperationException("A body needs a Content-Type before it can be signed.");
        var signature = SignatureAlgorithm.Ed25519.Sign(_key, signed);
        request.Headers.Add("Signature-Input", "sig1=" + parameters);
        request.Headers.Add("Signature", $"sig1=:{Convert.ToBase64String(signature)}:");
    }

    private static string? HeaderOf(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) || (request.Content?.Headers.TryGetValues(name, out values) ?? false)
            ? string.Join(", ", values)
            : null;
}
