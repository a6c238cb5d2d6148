using Codius.Web.Apps.Manifests;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Tests.Apps.Manifests;

/// <summary>Sealed secrets stay in clusters for years, so that their format never changes.</summary>
public sealed class SecretSealTests
{
    // Made with another implementation (Node's crypto): nonce, text, tag, in base64.
    private const string Sealed = "oxiWfSJ9KnFZhxhbqp3ouv8/ItT4mWc/6AGzeytdrSANNNQ+JedFso2C9Kas89ClIvf/xm2R8bNoqyJg";

    private static readonly Dictionary<string, string> Clear = new() { ["pw"] = "hunter2", ["nonce"] = "n0nce" };

    private readonly SecretSeal _seal =
        new(new HostSecrets(new HostSecret(Convert.FromBase64String("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")), []));

    [Fact]
    public void The_same_data_seals_to_the_same_bytes() => Assert.Equal(Sealed, _seal.Seal("hello", null, Clear)[SecretSeal.Key]);

    [Fact]
    public void What_was_sealed_opens()
    {
        Assert.True(_seal.TryOpen("hello", null, new Dictionary<string, string> { [SecretSeal.Key] = Sealed }, out var clear));
        Assert.Equal(Clear, clear);
    }

    [Theory]
    [InlineData("hello", "")]
    [InlineData("hello", "AAAA")]
    [InlineData("hello", "oxiWfSJ9KnFZhxhbqp3ouv8/ItT4mWc/6AGzeytdrSANNNQ+JedFso2C9Kas89ClIvf/xm2R8bNoqyJh")]
    [InlineData("other", Sealed)]
    public void What_was_not_sealed_for_this_app_does_not_open(string name, string value) =>
        Assert.False(_seal.TryOpen(name, null, new Dictionary<string, string> { [SecretSeal.Key] = value }, out _));
}
