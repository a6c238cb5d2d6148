using System.Security.Cryptography;
using System.Text;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Signatures;

public sealed class SignatureVerifierTests
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    [Theory]
    [InlineData("\"@target-uri\" \"authorization\" \"content-digest\"", "@method")]
    [InlineData("\"@method\" \"authorization\" \"content-digest\"", "@target-uri")]
    [InlineData("\"@method\" \"@target-uri\" \"content-digest\"", "authorization")]
    [InlineData("\"@method\" \"@target-uri\" \"authorization\"", "content-digest")]
    [InlineData("\"content-type\"", "@method, @target-uri, authorization, content-digest")]
    public void What_a_request_carries_must_be_covered(string covered, string missing) =>
        Assert.Equal($"The signature must cover {missing}.", Examine(covered, Body));

    [Fact]
    public void What_it_does_not_carry_need_not_be()
    {
        Assert.Null(Examine("\"@method\" \"@target-uri\"", [], token: false));
        Assert.Null(Examine("\"@method\" \"@target-uri\" \"authorization\"", []));
    }

    [Fact]
    public void A_digest_of_another_body_is_refused() =>
        Assert.Equal("The Content-Digest does not fit the body.",
            Examine("\"@method\" \"@target-uri\" \"authorization\" \"content-digest\"", Body));

    [Theory]
    [InlineData("POST", "https://codius.test/auth", true)]
    [InlineData("GET", "https://codius.test/auth", false)]
    [InlineData("POST", "https://codius.test/auth?x", false)]
    [InlineData("POST", "http://codius.test/auth", false)]
    public async Task A_signature_is_for_one_method_and_one_URL(string method, string url, bool good)
    {
        var signer = new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://codius.test/auth")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        await signer.SignAsync(request, TestContext.Current.CancellationToken);
        var headers = request.Headers.Concat(request.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var message = new SignedMessage(method, url, name => headers.GetValueOrDefault(name), Body);

        Assert.Null(SignatureVerifier.Examine(message, out var input));
        Assert.Equal(good, SignatureVerifier.Verify(message, input!, signer.PublicJwk));
        var other = new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System);
        Assert.False(SignatureVerifier.Verify(message, input!, other.PublicJwk));
    }

    [Fact]
    public async Task A_body_of_no_known_type_is_not_signed_as_if_it_were_nothing()
    {
        var signer = new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://codius.test/auth") { Content = new ByteArrayContent(Body) };
        await Assert.ThrowsAsync<InvalidOperationException>(() => signer.SignAsync(request, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("sha-512", true)]
    [InlineData("sha-256", true)]
    [InlineData("sha-256, sha-512", true)]
    [InlineData("md5, sha-512", true)]
    [InlineData("md5", false)]
    [InlineData("", false)]
    [InlineData("nonsense", false)]
    [InlineData("sha-512, wrong sha-256", false)]
    [InlineData("sha-256, wrong sha-512", false)]
    [InlineData(null, false)]
    public void Every_digest_we_know_must_fit_and_one_must_be_known(string? digests, bool fits)
    {
        var header = digests is null ? null : string.Join(", ", digests.Split(", ").Select(Member));
        Assert.Equal(fits, ContentDigest.Fits(header, Body));
    }

    private static string Member(string digest) => digest switch
    {
        "sha-512" => ContentDigest.Of(Body),
        "sha-256" => $"sha-256=:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Body))}:",
        "wrong sha-512" => ContentDigest.Of([1]),
        "wrong sha-256" => $"sha-256=:{Convert.ToBase64String(new byte[32])}:",
        "md5" => "md5=:AAAA:",
        _ => digest,
    };

    private static string? Examine(string covered, byte[] body, bool token = true) =>
        SignatureVerifier.Examine(new SignedMessage("POST", "https://codius.test/auth", name => name switch
    {
        "signature-input" => $"sig1=({covered});keyid=\"k\";created=1",
        "authorization" => token ? "GNAP x" : null,
        "content-digest" => ContentDigest.Of([1]),
        _ => null,
    }, body), out _);
}
