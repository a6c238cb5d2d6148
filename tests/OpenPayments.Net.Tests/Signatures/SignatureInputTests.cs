using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Signatures;

public sealed class SignatureInputTests
{
    [Fact]
    public void The_form_that_wallets_send_is_read()
    {
        Assert.True(SignatureInput.TryParse(
            """sig1=("@method" "@target-uri" "content-digest");keyid="key-1";created=1700000000""", out var input));

        Assert.Equal(["@method", "@target-uri", "content-digest"], input!.Components);
        Assert.Equal(("sig1", "key-1", 1700000000L), (input.Label, input.KeyId, input.Created!.Value));
        Assert.Equal("""("@method" "@target-uri" "content-digest");keyid="key-1";created=1700000000""", input.Raw);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sig1")]
    [InlineData("sig1=()")]
    [InlineData("""sig1=();keyid="k";created=1""")]
    [InlineData("""sig1=("@method";keyid="k";created=1""")]
    [InlineData("""sig1=("@method" "@method");keyid="k";created=1""")]
    [InlineData("""sig1=("@method");created=1""")]
    [InlineData("""sig1=("@method");keyid=k;created=1""")]
    [InlineData("""sig1=("@method");keyid="k";created=-1""")]
    [InlineData("""sig1=("@method");keyid="k";created=soon""")]
    [InlineData("""sig1=("@method");keyid="k";alg="rsa-pss-sha512" """)]
    [InlineData("""sig1=("Content-Digest");keyid="k";created=1""")]
    [InlineData("""sig1=("content-digest";req);keyid="k";created=1""")]
    public void Anything_else_is_refused(string? header) => Assert.False(SignatureInput.TryParse(header, out _));
}
