using System.Text.Json;
using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Tests.Paying;

/// <summary>What a wallet says about its refusal, as one line for its payer.</summary>
public sealed class RefusalDetailTests
{
    [Theory]
    [InlineData("""{"error":{"code":"400","description":"non-positive receive amount","details":{"minSendAmount":{"value":"150","assetCode":"EUR","assetScale":2}}}}""",
        "non-positive receive amount; min send amount: 1.50 EUR")]
    [InlineData("""{"error":{"details":{"minSendAmount":{"value":7,"assetCode":"JPY","assetScale":0},"limit":12,"hint":"tomorrow","list":[1]}}}""",
        "min send amount: 7 JPY; limit: 12; hint: tomorrow")]
    [InlineData("""{"error":{"details":"too small"}}""", "too small")]
    [InlineData("""{"error":{"description":"two\nlines\t and \u202Eturned \"round\" \u0000"}}""", "two lines and turned 'round'")]
    [InlineData("""{"error":{"code":"invalid_request"}}""", null)]
    [InlineData("""{"error":"invalid_request"}""", null)]
    [InlineData("""{"error":{"description":5,"details":[1,2]}}""", null)]
    [InlineData("""{"error":{"details":{"minSendAmount":{"value":"-5","assetCode":"EUR","assetScale":2}}}}""", null)]
    [InlineData("""[1]""", null)]
    public void Description_and_details_become_one_line(string body, string? line)
    {
        using var json = JsonDocument.Parse(body);
        Assert.Equal(line, RefusalDetail.Read(json.RootElement));
    }

    [Fact]
    public void It_has_at_most_200_characters()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(new { error = new { description = new string('x', 900) } }));
        var line = RefusalDetail.Read(json.RootElement)!;
        Assert.Equal(200, line.Length);
        Assert.EndsWith("x\u2026", line, StringComparison.Ordinal);
    }
}
