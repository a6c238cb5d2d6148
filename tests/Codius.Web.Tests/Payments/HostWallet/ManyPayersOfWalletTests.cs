using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments.OpenPayments;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>Fifty payers, two gateways on one Redis, a wallet that fails now and then, and one gateway that is killed.</summary>
public sealed class ManyPayersOfWalletTests
{
    private const int Payers = 50;
    private const int PaymentsEach = 4;
    private const int KilledAfter = Payers * PaymentsEach / 3;
    private const int Scale = 2;
    private const ulong Factor = 10_000_000; // from cents to the ledger's billionths

    private static readonly string[] Accounts =
        [.. Enumerable.Range(0, 10).Select(i => AccountId.OfDeployToken($"the token of payer {i}").ToString())];

    private readonly ConcurrentDictionary<string, ulong> _delivered = new();
    private readonly ConcurrentBag<(BareClient Client, string Url)> _made = [];
    private int _calls;
    private int _paid;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_wallet_received_is_credited_once_though_it_fails_and_a_gateway_is_killed()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var stage = await HostWalletStage.PrepareAsync(Scale);
        await stage.BeginAsync(redis);
        await using var killed = await GatewayProcess.StartAsync(
            [$"Redis:ConnectionString={redis.ConnectionString}", "Payments:WalletCalls=1000",
                $"Payments:Wallet=${HostWalletStage.Account}.localhost:{stage.Proxy.Port}"]);
        BareClient[] both = [new BareClient(stage.Gateway), new BareClient(stage.Gateway, http: killed.Http)];
        stage.Proxy.Fault = FailNowAndThenAsync;
        stage.Proxy.Rewrite = CutNowAndThen;

        var payers = Enumerable.Range(0, Payers).Select(i => PayAsync(stage, both[i % 2], both[0], i)).ToArray();
        await Eventually.TrueAsync("a third is paid", () => Volatile.Read(ref _paid) >= KilledAfter);
        await killed.KillAsync();
        await Task.WhenAll(payers);
        (stage.Proxy.Fault, stage.Proxy.Rewrite) = (null, null);

        Assert.Equal(Payers * PaymentsEach, _paid);
        var received = await stage.Wallet.BalanceAsync(HostWalletStage.Account);
        Assert.Equal(_delivered.Values.Aggregate(0UL, (sum, units) => sum + units) * Factor, received.Credited);
        await Eventually.TrueAsync("all that the wallet received is credited", async () =>
            await SumAsync(stage.Gateway) >= received.Credited ? true : (bool?)null, TimeSpan.FromSeconds(60));
        await AssertBooksAsync(stage.Gateway);

        // Each payment is read once more: nothing is added.
        var before = stage.Proxy.CountOf("GET", "/incoming-payments/");
        await Eventually.TrueAsync("all are read again", async () =>
        {
            foreach (var (_, url) in _made) await both[0].SendAsync(HttpMethod.Get, url, signed: false);
            return stage.Proxy.CountOf("GET", "/incoming-payments/") >= before + 2 * Payers ? true : (bool?)null;
        });
        await AssertBooksAsync(stage.Gateway);
        Assert.Equal(received, await stage.Wallet.BalanceAsync(HostWalletStage.Account));
    }

    private async Task PayAsync(HostWalletStage stage, BareClient first, BareClient survivor, int payer)
    {
        var account = Accounts[payer % Accounts.Length];
        var (client, url, method) = await CreateAsync(stage, first, survivor, account);
        _made.Add((client, url));
        using var connector = stage.Wallet.Connector(stage.Wallet.UnboundedToken);
        for (var payment = 0; payment < PaymentsEach; payment++)
        {
            await using var sender = new StreamSender(connector, method.DestinationAccount, method.SharedSecret,
                new StreamSenderOptions { MaxPacketAmount = 41 });
            var sent = await sender.SendAsync(100 + (ulong)payer, Stop);
            Assert.Equal(PaymentEnding.Completed, sent.Ending);
            _delivered.AddOrUpdate(account, sent.Delivered, (_, sum) => sum + sent.Delivered);
            Interlocked.Increment(ref _paid);
            await TryAsync(client, () => client.SendAsync(HttpMethod.Get, url, signed: false));
        }
    }

    /// <summary>Until there is a payment: the wallet fails now and then, and the gateway may be killed meanwhile.</summary>
    private static async Task<(BareClient Client, string Url, SpspResponse Method)> CreateAsync(
        HostWalletStage stage, BareClient first, BareClient survivor, string account)
    {
        JsonNode? json = null;
        var client = first;
        var address = $"{stage.Gateway.Host}/pay/{account}";
        await Eventually.TrueAsync("a payment is made", async () =>
        {
            if (!await TryAsync(client, async () =>
            {
                var (status, made, _) = await client.SendAsync(HttpMethod.Post, client.PaymentsOf(account),
                    new JsonObject { ["walletAddress"] = address }, await client.GrantAsync(null, "create"));
                Assert.True(status is 201 or 503, $"The payment got {status}.");
                if (status == 201) json = made;
            })) client = survivor;
            return json is null ? null : (bool?)true;
        });
        return (client, (string)json!["id"]!, HostWalletStage.MethodOf(json));
    }

    private static async Task<bool> TryAsync(BareClient _, Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (HttpRequestException)
        {
            return false; // of the killed one
        }
    }

    private async Task<bool> FailNowAndThenAsync(HttpContext context)
    {
        switch (Interlocked.Increment(ref _calls) % 40)
        {
            case 5 or 15 or 25:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return true;
            case 10 or 30:
                context.Abort();
                return true;
            case 20:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = "1";
                return true;
            case 35:
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Stop);
                return false;
            default:
                return false;
        }
    }

    // The wallet did what was asked, and its answer is lost.
    private string CutNowAndThen(HttpContext context, string text) =>
        Volatile.Read(ref _calls) % 13 == 0 ? text[..(text.Length / 2)] : text;

    private static async Task<ulong> SumAsync(PayableGateway gateway)
    {
        var sum = 0UL;
        foreach (var account in Accounts) sum += (await gateway.BalanceAsync(account)).Credited;
        return sum;
    }

    private async Task AssertBooksAsync(PayableGateway gateway)
    {
        foreach (var account in Accounts)
        {
            var units = _delivered[account] * Factor;
            Assert.Equal(new Balance(units, units, 0, 0), await gateway.BalanceAsync(account));
        }
    }
}
