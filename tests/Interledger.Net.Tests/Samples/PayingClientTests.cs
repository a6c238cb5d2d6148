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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pointer_with_a_port_is_paid_in_development_and_refused_else(bool development)
    {
        var receiver = new OurReceiver();
        Uri? url = null;
        await using var server = await LoopbackServer.StartAsync(
            app => Shop(app, receiver, byLink: false, openAt: 5000, () => $"$localhost:{url!.Port}"));
        url = server.Url;
        var (status, output, errors) =
            await RunAsync(new Uri(url, "/page"), new Uri(url, "/ilp"), "10000", development ? "--development" : null);
        Assert.Equal(development ? (0, "the page") : (1, ""), (status, output));
        Assert.Contains(development ? "Paid 5000 units" : "does not say where to pay", errors, StringComparison.Ordinal);
    }

    /// <summary>The balance has two digits more than what is paid: 150 of them are one unit and a half.</summary>
    [Fact]
    public async Task A_balance_of_more_digits_is_taken_into_account()
    {
        var receiver = new OurReceiver();
        await using var server = await LoopbackServer.StartAsync(app =>
            Shop(app, receiver, byLink: true, openAt: 5000, balance: ("150", 11)));
        var (_, _, errors) = await RunAsync(new Uri(server.Url, "/page"), new Uri(server.Url, "/ilp"), "10000");
        Assert.Contains("Paid 4999 units", errors, StringComparison.Ordinal);
    }

    private static void Shop(
        WebApplication app, OurReceiver receiver, bool byLink, ulong openAt, Func<string>? pointer = null,
        (string Units, int Scale)? balance = null)
    {
        app.MapIlpOverHttp("/ilp", new IlpPeerTokens("payer", "the-token"), receiver.AsHandler());
        app.MapSpsp("/.well-known/pay", (_, _) =>
        {
            var (account, secret) = receiver.Create("shop");
            return ValueTask.FromResult<SpspResponse?>(new SpspResponse(account, secret));
        });
        app.MapGet("/page", async context =>
        {
            var received = receiver.BalanceOf("shop");
            if (received >= openAt)
            {
                await context.Response.WriteAsync("the page", Stop);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status402PaymentRequired;
            if (byLink) context.Response.Headers.Link = "</.well-known/pay>; rel=\"payment\"";
            await context.Response.WriteAsJsonAsync(
                new
                {
                    paymentPointer = pointer?.Invoke() ?? "$shop.invalid",
                    openAt = $"{openAt}",
                    assetScale = 9,
                    balance = balance?.Units ?? $"{received}",
                    balanceScale = balance?.Scale ?? 9,
                },
                options: null, "application/problem+json", Stop);
        });
    }

    private static async Task<(int Status, string Output, string Errors)> RunAsync(
        Uri page, Uri account, string most, string? flag = null)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "PayingClient.dll"), $"{page}", $"{account}", most];
        var start = new ProcessStartInfo("dotnet", flag is null ? arguments : [arguments[0], flag, .. arguments[1..]])
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
