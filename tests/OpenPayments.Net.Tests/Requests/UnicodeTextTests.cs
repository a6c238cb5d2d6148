using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Requests;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Requests;

public sealed class UnicodeTextTests
{
    [Theory]
    [InlineData("""{"a":["\ud83d\ude00",1,null,true]}""", true)]
    [InlineData("\"\\ud83d\"", false)]
    [InlineData("""{"a":{"b":["\ude00"]}}""", false)]
    [InlineData("""{"\ud83d":1}""", false)]
    public void Half_a_surrogate_pair_is_found_anywhere(string text, bool isUnicode)
    {
        using var json = JsonDocument.Parse(text);
        Assert.Equal(isUnicode, UnicodeText.IsIn(json.RootElement));
    }

    [Theory]
    [InlineData("""{"client":"\ud83d"}""")]
    [InlineData("""{"\ud83d":"x"}""")]
    public async Task A_request_with_one_has_no_JSON(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var context = new DefaultHttpContext { Request = { Method = "POST", Path = "/auth", Body = new MemoryStream(body) } };
        context.Request.Headers["Signature-Input"] = """sig1=("@method" "@target-uri" "content-digest");keyid="k";created=1""";
        context.Request.Headers["Content-Digest"] = ContentDigest.Of(body);

        var (request, error) = await SignedRequest.ReadAsync(context, "https://shop.test");

        Assert.Null(error);
        Assert.Null(request!.Json());
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_found()
    {
        using var json = JsonDocument.Parse(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' });
        Assert.False(UnicodeText.IsIn(json.RootElement));
    }
}
