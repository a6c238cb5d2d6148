using System.Diagnostics;
using Interledger.Net.AspNetCore;
using Interledger.Net.Spsp;
using Interledger.Net.Tests.Interop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Interledger.Net.Tests.Samples;

/// <summary>The sample client against a server that answers 402 until it is paid.</summary>
public sealed class PayingClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_402_is_paid_and_the_page_fetched_again(bool byLink)
    {
        var receiver = new OurReceiver();
        await using var server = await LoopbackServer.StartAsync(app => Shop(app, receiver, byLink, openAt: 5000));
        var (status, output, errors) = await RunAsync(new Uri(server.Url, "/page"), new Uri(server.Url, "/ilp"), "10000");
        if (byLink)
        {
            Assert.Equal((0, "the page"), (status, output));
            Assert.Contains("5000 XYZ (scale 9) arrived", errors, StringComparison.Ordinal);
        }
        else
        {
            // The pointer alone leads to a host that does not exist.
            Assert.Equal(1, status);
            Assert.Contains("https://shop.invalid/.well-known/pay could not be reached", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task More_than_it_may_spend_is_not_spent()
    {
        var receiver = new OurReceiver();
        await using var server = await LoopbackServer.StartAsync(app => Shop(app, receiver, byLink: true, openAt: 5000));
        var (status, _, errors) = await RunAsync(new Uri(server.Url, "/page"), new Uri(server.Url, "/ilp"), "400");
        Assert.Equal((1, 400UL), (status, receiver.BalanceOf("shop")));
        Assert.Contains("SourceLimitReached", errors, StringComparison.Ordinal);
    }

    private static void Shop(WebApplication app, OurReceiver receiver, bool byLink, ulong openAt)
    {
        app.MapIlpOverHttp("/ilp", new IlpPeerTokens("payer", "the-token"), receiver.AsHandler());
        app.MapSpsp("/.well-known/pay", (_, _) =>
        {
            var (account, secret) = receiver.Create("shop");
            return ValueTask.FromResult<SpspResponse?>(new SpspResponse(account, secret));
        });
        app.MapGet("/page", async context =>
        {
            var balance = receiver.BalanceOf("shop");
            if (balance >= openAt)
            {
                await context.Response.WriteAsync("the page", Stop);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status402PaymentRequired;
            if (byLink) context.Response.Headers.Link = "</.well-known/pay>; rel=\"payment\"";
            await context.Response.WriteAsJsonAsync(
                new { paymentPointer = "$shop.invalid", openAt = $"{openAt}", balance = $"{balance}" },
                options: null, "application/problem+json", Stop);
        });
    }

    private static async Task<(int Status, string Output, string Errors)> RunAsync(Uri page, Uri account, string most)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "PayingClient.dll"), $"{page}", $"{account}", most])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ILP_TOKEN"] = "the-token" },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await errors);
    }
}
