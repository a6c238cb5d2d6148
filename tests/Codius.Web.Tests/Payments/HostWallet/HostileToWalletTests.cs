using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments.OpenPayments;
using Interledger.Net.Spsp;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>One network that wants all of the calls to the host's wallet, and a wallet that answers what was not asked for.</summary>
public sealed class HostileToWalletTests : IAsyncLifetime
{
    private const int Requests = 200;
    private const string Stranger = "203.0.113.9";
    private const string Honest = "198.51.100.1";

    private HostWalletStage _stage = null!;
    private string _app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await HostWalletStage.StartAsync(settings: ["Payments:WalletCalls=10", "Proxies:Known:0=127.0.0.0/8"]);
        _app = _stage.Gateway.NewApp();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("payments of the same app")]
    [InlineData("payments of invented accounts")]
    [InlineData("SPSP")]
    public async Task An_honest_payer_is_served_while_a_stranger_creates_without_end(string what)
    {
        // A wallet without SPSP: each query makes a payment there.
        _stage.Proxy.Fault = context =>
        {
            if (!context.Request.Headers.Accept.ToString().Contains("spsp4", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = 404;
            return Task.FromResult(true);
        };
        var stranger = new BareClient(_stage.Gateway, Stranger);
        var token = await stranger.GrantAsync(null, "create");
        var statuses = Enumerable.Range(0, Requests).Select(i => what == "SPSP" ? QueryAsync() : CreateAsync(i)).ToArray();
        await Eventually.TrueAsync("some are answered", () => statuses.Count(status => status.IsCompleted) > 5);

        var (url, method) = await new BareClient(_stage.Gateway, Honest).CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        await Eventually.TrueAsync("the honest one is credited", async () =>
        {
            await new BareClient(_stage.Gateway, Honest).SendAsync(HttpMethod.Get, url, signed: false);
            return (await _stage.Gateway.BalanceAsync(_app)).Credited == 5 ? true : (bool?)null;
        }, TimeSpan.FromSeconds(60));
        Assert.Contains(await Task.WhenAll(statuses), status => status is 429 or 503);

        async Task<int> CreateAsync(int i)
        {
            var account = what == "payments of the same app" ? _app : AccountId.OfDeployToken($"invented {i}").ToString();
            var address = account == _app ? BareClient.IdOf(_stage.Gateway, _app) : $"{_stage.Gateway.Host}/pay/{account}";
            var (status, _, _) = await stranger.SendAsync(
                HttpMethod.Post, stranger.PaymentsOf(account), new JsonObject { ["walletAddress"] = address }, token);
            return status;
        }

        async Task<int> QueryAsync()
        {
            using var answer = await _stage.Gateway.GetAsync(
                _stage.Gateway.UrlOf(_app) + ".well-known/pay", SpspResponse.MediaType, ("X-Forwarded-For", Stranger));
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task An_honest_payer_is_credited_while_a_stranger_reads_its_own_payments_without_end()
    {
        var stranger = new BareClient(_stage.Gateway, Stranger);
        var own = new List<string>();
        while (own.Count < 3) own.Add((await stranger.CreateAsync(_stage.Gateway.NewApp())).Url);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reads = Task.WhenAll(own.Select(async url =>
        {
            while (!enough.IsCancellationRequested) await stranger.SendAsync(HttpMethod.Get, url, signed: false);
        }));

        var honest = new BareClient(_stage.Gateway, Honest);
        var (paid, method) = await honest.CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        await honest.SendAsync(HttpMethod.Get, paid, signed: false);

        await _stage.UntilCreditedAsync(_app, 5);
        await enough.CancelAsync();
        await reads;
    }

    [Fact]
    public async Task What_the_wallet_says_of_another_payment_is_not_credited()
    {
        var (_, method) = await _stage.CreateAsync(_app);
        var other = _stage.Gateway.NewApp();
        string? ofOther = null;
        _stage.Proxy.Rewrite = (context, text) =>
        {
            if (context.Request.Method != "GET" || !FaultyProxy.IsOfPayments(context)) return text;
            // The answer for the paid one is given for each.
            if (text.Contains("\"value\":\"5\"", StringComparison.Ordinal)) Interlocked.CompareExchange(ref ofOther, text, null);
            return Volatile.Read(ref ofOther) ?? text;
        };
        var (unpaid, _) = await _stage.CreateAsync(other);
        await _stage.PayAsync(method, 5);
        await _stage.UntilCreditedAsync(_app, 5);

        var before = _stage.Proxy.Requests.Count;
        await Eventually.TrueAsync("both are read again", async () =>
        {
            await _stage.ReadAsync(other, unpaid);
            return _stage.Proxy.Requests.Count > before + 4 ? true : (bool?)null;
        });
        Assert.Null(await _stage.Gateway.ReadAsync(other));
    }

    [Fact]
    public async Task A_body_without_end_is_not_read()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        _stage.Proxy.FailPayments(200, body: new string(' ', 20_000_000));
        var before = _stage.Proxy.Requests.Count;
        await Eventually.TrueAsync("the gateway called the wallet", async () =>
        {
            await _stage.Payer.SendAsync(HttpMethod.Get, url, signed: false);
            return _stage.Proxy.Requests.Count > before ? true : (bool?)null;
        });

        _stage.Proxy.Fault = null;

        await _stage.UntilCreditedAsync(_app, 5, url);
    }
}
