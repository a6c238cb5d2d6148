using System.Text.Json;
using Interledger.Net.AspNetCore;
using Interledger.Net.Ildcp;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Tests.Interop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Payments.Interop;

/// <summary>
/// A third-party payer (<c>stream-client.mjs</c>, <c>pay.mjs</c>) behind a connector of the test, which keeps its books.
/// </summary>
internal static class JavaScriptPayer
{
    private const string Token = "the payer's token";

    /// <summary>Pays once; returns the payer's report and the connector with its books.</summary>
    public static async Task<(JsonElement Said, TestConnector Connector)> PayAsync(
        PayableGateway gateway, string program, SpspResponse target, ulong amount, NetworkFaults? faults = null)
    {
        using var next = gateway.Connector();
        var connector = new TestConnector(next, faults ?? new NetworkFaults())
        {
            Client = new IldcpResponse(IlpAddress.Parse("test.connector.payer"), "USD", 9),
        };
        await using var server = await ListenAsync(connector);
        await using var payer = NodePeer.Start(program, new
        {
            url = server.Urls.Single() + "/ilp",
            token = Token,
            asset = new { code = "USD", scale = 9 },
            payments = new[]
            {
                new
                {
                    address = target.DestinationAccount.ToString(),
                    secret = target.SharedSecret.ToBase64(),
                    amount = amount.ToString(),
                },
            },
        });
        return (await payer.ReadAsync("index"), connector);
    }

    private static async Task<WebApplication> ListenAsync(TestConnector connector)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapIlpOverHttp("/ilp", new IlpPeerTokens("payer", Token), connector.AsHandler());
        await server.StartAsync();
        return server;
    }
}
