using System.Net.Http.Headers;
using Codius.Testing;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>Pays by STREAM, as a program with an account at the host's connector does.</summary>
internal static class Payer
{
    public const string Setting = $"Payments:Connectors:one={ConnectorToken}";

    private const string ConnectorToken = "0123456789abcdef-the-connector";

    /// <summary>Pays a payment pointer in full.</summary>
    public static async Task PayAsync(GatewayUnderTest gateway, string url, ulong units)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue(SpspResponse.MediaType) } },
        };
        using var answer = await gateway.Client().SendAsync(request, TestContext.Current.CancellationToken);
        if (!SpspResponse.TryParse(
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), out var target, out var error))
            throw new InvalidOperationException($"{url} answered {answer.StatusCode}: {error}");
        using var path = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri($"http://{GatewayUnderTest.Domain}/ilp"), Token = ConnectorToken },
            GatewayUnderTest.Handler(gateway.Port));
        await using var sender = new StreamSender(path, target.DestinationAccount, target.SharedSecret);
        var paid = await sender.SendAsync(units, TestContext.Current.CancellationToken);
        Assert.Equal((PaymentEnding.Completed, units), (paid.Ending, paid.Delivered));
    }
}
