using System.Security.Cryptography;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Payments.Setup;
using Codius.Web.Tests.Admin.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>When the gateway stops to look at a payment: never while money may still come.</summary>
public sealed class WalletPaymentEndsTests : IAsyncLifetime
{
    private static readonly TimeSpan Lasts = WalletPaymentCreator.Longest;

    private readonly AheadOfTime _clock = new();
    private readonly CapturedLog _log = new();
    private HostWalletStage _stage = null!;
    private string _app = null!;

    private WalletPaymentSchedule Schedule => _stage.Gateway.Services.GetRequiredService<WalletPaymentSchedule>();

    public async ValueTask InitializeAsync()
    {
        _stage = await HostWalletStage.PrepareAsync();
        await _stage.BeginAsync(services: services =>
        {
            services.AddSingleton<TimeProvider>(_clock).AddSingleton(_ => Client());
            services.AddSingleton<ILoggerProvider>(_log);
        }, settings: "WalletPayments:MostOpen=10");
        _app = _stage.Gateway.NewApp();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_payment_is_looked_at_once_more_after_its_end_and_forgotten()
    {
        var (_, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);

        Jump(Lasts + TimeSpan.FromMinutes(2));

        await UntilForgottenAsync();
        Assert.Equal(5UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);
    }

    [Fact]
    public async Task A_gateway_whose_clock_is_fast_forgets_none_that_can_still_be_paid()
    {
        var (_, method) = await _stage.CreateAsync(_app);
        _clock.Ahead = Lasts + TimeSpan.FromDays(1);
        await LookedAsync();
        await LookedAsync();
        await LookedAsync();

        await _stage.PayAsync(method, 5);

        await _stage.UntilCreditedAsync(_app, 5);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    public async Task One_that_the_wallet_denies_after_its_end_has_ended_only_if_that_stays_so(int status)
    {
        await _stage.CreateAsync(_app);
        _stage.Proxy.FailPayments(status);
        Jump(Lasts + TimeSpan.FromMinutes(50));
        await LookedAsync();
        Assert.Equal(1, await Schedule.CountAsync());

        // The look that was seen to begin may end after a jump, and the next one is later then.
        await UntilForgottenAsync(from: Lasts + TimeSpan.FromHours(3));
        Assert.Contains(_log.Lines, line => line.StartsWith($"Information: An unpaid payment of {_app} that", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    public async Task One_that_was_paid_is_never_taken_for_gone(int status)
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        await _stage.UntilCreditedAsync(_app, 5, url);
        _stage.Proxy.FailPayments(status);
        await _stage.PayAsync(method, 6);
        Jump(Lasts + TimeSpan.FromHours(2));
        await LookedAsync();

        _stage.Proxy.Fault = null;
        await UntilForgottenAsync(from: Lasts + TimeSpan.FromHours(6));

        Assert.Equal(11UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);
    }

    [Fact]
    public async Task A_grant_that_is_refused_after_the_end_says_nothing_about_the_payment()
    {
        var (_, method) = await _stage.CreateAsync(_app);
        _stage.Proxy.Fault = context =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        await _stage.PayAsync(method, 5);
        Jump(Lasts + TimeSpan.FromHours(2));
        await LookedAsync();
        Assert.Equal(1, await Schedule.CountAsync());

        _stage.Proxy.Fault = null;
        await UntilForgottenAsync(from: Lasts + TimeSpan.FromHours(6));

        Assert.Equal(5UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);
    }

    [Fact]
    public async Task One_that_can_still_be_paid_after_its_end_is_completed_at_the_wallet_before_it_is_forgotten()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.UntilCreditedAsync(_app, 0, url);

        Jump(Lasts + TimeSpan.FromMinutes(2));

        await UntilForgottenAsync();
        Assert.Equal(1, _stage.Proxy.CountOf("POST", "/complete"));
        await Assert.ThrowsAnyAsync<Exception>(() => _stage.PayAsync(method, 1));
    }

    [Fact]
    public async Task What_the_wallet_counts_just_after_a_payment_was_completed_is_credited()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        // The answer to the completion, and the first look, are from before the last packets.
        var late = 0;
        _stage.Proxy.Rewrite = (context, text) => text.Contains("\"completed\":true", StringComparison.Ordinal)
            && Interlocked.Increment(ref late) <= 2 ? text.Replace("\"value\":\"5\"", "\"value\":\"2\"", StringComparison.Ordinal) : text;
        var (status, _, _) = await _stage.Payer.SendAsync(
            HttpMethod.Post, url + "/complete", token: await _stage.Payer.GrantAsync(_app, "complete"));
        Assert.Equal(200, status);

        await _stage.UntilCreditedAsync(_app, 5);
        await UntilForgottenAsync();
        Assert.True(late > 2);
    }

    [Fact]
    public async Task The_last_packets_have_their_time_after_a_look_that_took_long_and_whatever_the_stores_clock_does()
    {
        await _stage.CreateAsync(_app);
        var stop = TestContext.Current.CancellationToken;
        await _stage.Gateway.Services.GetRequiredService<WalletLooks>().StopAsync(stop);
        var look = _stage.Gateway.Services.GetRequiredService<WalletLook>();
        Schedule.Ahead = TimeSpan.FromHours(1);
        var due = Assert.Single((await Schedule.ClaimAsync(1, TimeSpan.FromSeconds(20))).Looks) with { Closing = true };
        var second = _clock.TimestampFrequency;

        await look.LookAsync(due with { At = due.At.AddSeconds(-10) }, _clock.GetTimestamp() - 10 * second, stop);
        Assert.Equal(1, _stage.Proxy.CountOf("POST", "/complete"));
        await look.LookAsync(due, _clock.GetTimestamp(), stop);
        Assert.Equal(1, await Schedule.CountAsync());

        // The store's clock has jumped forward.
        await look.LookAsync(due with { At = due.At.AddHours(1) }, _clock.GetTimestamp(), stop);
        Assert.Equal(1, await Schedule.CountAsync());

        await look.LookAsync(due with { At = due.At.AddHours(1) }, _clock.GetTimestamp() + 3 * second, stop);
        Assert.Equal(0, await Schedule.CountAsync());
    }

    [Fact]
    public async Task One_that_cannot_be_read_for_30_days_after_its_end_is_given_up_with_an_error_and_an_alert_for_a_week()
    {
        var alerts = _stage.Gateway.Services.GetRequiredService<GivenUpAlerts>();
        using var owner = OwnersClient.Of(_stage.Gateway);
        await _stage.CreateAsync(_app);
        _stage.Proxy.FailPayments(500);
        Jump(Lasts + TimeSpan.FromDays(29));
        await LookedAsync();
        Assert.Equal(1, await Schedule.CountAsync());
        Assert.DoesNotContain(_log.Lines, line => line.Contains("is given up", StringComparison.Ordinal));

        Jump(2 * Lasts + TimeSpan.FromDays(1));

        await UntilForgottenAsync();
        Assert.Contains(_log.Lines, line => line.StartsWith($"Error: A payment of {_app} that ended at", StringComparison.Ordinal));
        var givenUp = Assert.Single((await WalletAsync()).GetProperty("givenUp").EnumerateArray());
        Assert.Equal(_app, givenUp.GetProperty("account").GetString());
        await alerts.ReadAsync();
        Assert.Contains(_app, Assert.Single(alerts.Check()).Summary, StringComparison.Ordinal);
        var at = givenUp.GetProperty("at").GetDateTimeOffset();
        _clock.Ahead += at.AddDays(7) - TimeSpan.FromMinutes(5) - _clock.GetUtcNow();
        await alerts.ReadAsync();
        Assert.Single(alerts.Check());
        _clock.Ahead += TimeSpan.FromMinutes(6);
        await alerts.ReadAsync();
        Assert.Empty(alerts.Check());
        // The list keeps it.
        Assert.Equal(1, (await WalletAsync()).GetProperty("givenUp").GetArrayLength());

        async Task<JsonElement> WalletAsync() => (await owner.GetAsync("/wallets")).Json.GetProperty("items")[0];
    }

    [Fact]
    public async Task Of_too_many_one_is_completed_at_the_wallet_and_what_it_received_is_credited_before_it_is_forgotten()
    {
        // The look before sees nothing of it.
        _stage.Proxy.Rewrite = (context, text) => context.Request.Method == "GET" && FaultyProxy.IsOfPayments(context)
            ? text.Replace("\"value\":\"5\"", "\"value\":\"0\"", StringComparison.Ordinal) : text;
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);

        for (var more = 0; more < 10; more++) await _stage.CreateAsync(_app);

        await _stage.UntilCreditedAsync(_app, 5);
        await Eventually.TrueAsync<bool>("ten are open", async () => await Schedule.CountAsync() == 10 ? true : null);
        Assert.Equal(1, _stage.Proxy.CountOf("POST", "/complete"));
        var read = await _stage.ReadAsync(_app, url);
        Assert.Equal(("5", 0), ((string)read["receivedAmount"]!["value"]!, read["methods"]!.AsArray().Count));
    }

    // Signs by the true clock: the wallet refuses what was signed tomorrow.
    private static ReceivingClient Client()
    {
        var signer = new MessageSigner(RandomNumberGenerator.GetBytes(32), "gateway", TimeProvider.System);
        var http = new HttpClient(WalletRegistration.Handler(development: true));
        return new ReceivingClient(new WalletCalls(http, insecure: true, signer), new ClientIdentity(signer.PublicJwk, null),
            TimeProvider.System);
    }

    private void Jump(TimeSpan ahead)
    {
        Schedule.Ahead = ahead;
        _stage.Gateway.Services.GetRequiredService<WalletLooks>().Wake();
    }

    // The longer a payment's end is past, the longer after a look the next one is.
    private Task<bool> UntilForgottenAsync(TimeSpan from) => Eventually.TrueAsync<bool>("no payment is open", async () =>
    {
        Jump(from += TimeSpan.FromMinutes(20));
        return await Schedule.CountAsync() == 0 ? true : null;
    });

    private Task<bool> UntilForgottenAsync() =>
        Eventually.TrueAsync<bool>("no payment is open", async () => await Schedule.CountAsync() == 0 ? true : null);

    private Task LookedAsync()
    {
        var before = _stage.Proxy.Requests.Count;
        return Eventually.TrueAsync("the gateway called the wallet", () => _stage.Proxy.Requests.Count > before);
    }
}
