using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Codius.Testing.Wallets;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenPayments.Net.IncomingPayments;

namespace OpenPayments.Net.Tests.Readme;

/// <summary>The README's programs are these files, word for word, and one pays the other from a wallet.</summary>
public sealed partial class ReadmeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_one_who_pays_pays_the_one_who_is_paid()
    {
        var (origin, signingKey) = ($"http://127.0.0.1:{FreePort()}", RandomNumberGenerator.GetBytes(32));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(origin);
        builder.Services.Configure<OpenPaymentsOptions>(options => options.AllowInsecureClients = true);
        await using var shop =
            BePaid.Build(builder, origin, RandomNumberGenerator.GetBytes(32), signingKey, RandomNumberGenerator.GetBytes(32));
        await shop.StartAsync(Stop);
        using var connector =
            new IlpOverHttpClient(new IlpOverHttpClientOptions { Endpoint = new Uri(origin + "/ilp"), Token = "its-token" });
        await using var wallet = await FakeWallet.StartAsync(new SocketsHttpHandler(), connector);

        var alice = new Uri(origin + "/pay/alice");
        var payment = await Pay.RunAsync(alice.AbsoluteUri, signingKey, new Uri(wallet.Address), alice, new Uri(origin + "/done"),
            SayYesAsync, insecure: true, Stop);
        await wallet.PaymentsAsync();

        using var http = new HttpClient();
        var view = JsonNode.Parse(await http.GetStringAsync(payment, Stop))!;
        Assert.Equal("1000000", (string)view["receivedAmount"]!["value"]!);
    }

    [Fact]
    public async Task The_one_who_receives_at_a_wallet_reads_what_arrived_there()
    {
        var origin = $"http://127.0.0.1:{FreePort()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(origin);
        builder.Services.Configure<OpenPaymentsOptions>(options => options.AllowInsecureClients = true);
        await using var wallet = BePaid.Build(
            builder, origin, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        await wallet.StartAsync(Stop);
        using var connector =
            new IlpOverHttpClient(new IlpOverHttpClientOptions { Endpoint = new Uri(origin + "/ilp"), Token = "its-token" });

        var received = await ReceiveAtAWallet.RunAsync("https://me.example/pay", RandomNumberGenerator.GetBytes(32),
            new Uri(origin + "/pay/alice"), PayAsync, insecure: true, Stop);

        Assert.Equal(1_000_000UL, received);

        async Task PayAsync(PaymentMethod method)
        {
            var (address, secret) = (IlpAddress.Parse(method.IlpAddress), new StreamSecret(method.SharedSecret));
            await using var sender = new StreamSender(connector, address, secret);
            await sender.SendAsync(1_000_000, Stop);
        }
    }

    [Theory]
    [InlineData("BePaid.cs")]
    [InlineData("StreamMethods.cs")]
    [InlineData("Pay.cs")]
    [InlineData("ReceiveAtAWallet.cs")]
    public void The_README_shows_the_example_that_runs(string file)
    {
        var folder = Path.GetDirectoryName(ThisFile())!;
        var text = File.ReadAllText(Path.Combine(folder, file));
        var indented = Example().Match(text).Groups["code"].Value;
        var margin = indented.TakeWhile(character => character == ' ').Count();
        var code = string.Join('\n', indented.Split('\n').Select(line => line.Length > margin ? line[margin..] : line.Trim())).Trim();
        // What the tests' own namespace has in scope, a stranger's has not.
        string[] outer = file == "BePaid.cs" ? ["using OpenPayments.Net;"] : [];
        var usings = string.Join('\n', text.Split('\n').TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal)).Concat(outer)
            .OrderBy(line => !line.StartsWith("using System", StringComparison.Ordinal))
            .ThenBy(line => line.TrimEnd(';'), StringComparer.Ordinal));
        var readme = File.ReadAllText(Path.Combine(folder, "../../../src/OpenPayments.Net/README.md"));

        Assert.Contains($"```csharp\n{usings}\n\n{code}\n```", readme, StringComparison.Ordinal);
    }

    private static async Task<(string Hash, string Reference)> SayYesAsync(Uri consent)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await browser.GetAsync(consent + "/yes", Stop);
        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return (query["hash"].ToString(), query["interact_ref"].ToString());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"// <example>\n(?<code>.*?)\n *// </example>", RegexOptions.Singleline)]
    private static partial Regex Example();
}
