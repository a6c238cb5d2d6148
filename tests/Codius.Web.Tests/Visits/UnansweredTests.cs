using System.Net;
using System.Net.Sockets;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits;

/// <summary>One request that an app takes and never answers, by the whole gateway.</summary>
public sealed class UnansweredTests
{
    private const ulong Minute = VisitFixture.Price;

    [Fact]
    public async Task A_request_whose_body_never_comes_holds_its_price_and_others_get_402()
    {
        await using var visits = await VisitFixture.StartAsync(
            context => context.Request.Body.CopyToAsync(Stream.Null), ["Leases:RecallWait=00:00:00.1"], funds: VisitFixture.Price);
        visits.Awake();
        using var upload = new TcpClient();
        await upload.ConnectAsync("127.0.0.1", visits.Gateway.Port, VisitFixture.Cancellation);
        await upload.GetStream().WriteAsync(
            "POST / HTTP/1.1\r\nHost: hello.codius.test\r\nContent-Length: 5\r\n\r\n"u8.ToArray(), VisitFixture.Cancellation);
        await Eventually.TrueAsync("the upload is open", () => visits.Activity.Open("hello") == 1);

        // 503 until it has a connection to the app.
        await Eventually.TrueAsync("others are refused for lack of funds",
            async () => (await visits.GetAsync()).StatusCode == HttpStatusCode.PaymentRequired ? true : (bool?)null);
        await upload.GetStream().WriteAsync("hello"u8.ToArray(), VisitFixture.Cancellation);
        Assert.StartsWith("HTTP/1.1 200", await VisitFixture.ReadHeadAsync(upload.GetStream()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_never_answered_is_spent_and_does_not_keep_an_app_awake_that_cannot_pay()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var working = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(
            async context =>
            {
                working.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            ["Prices:PerRunningHour=0.0006"], services: services => services.AddSingleton<TimeProvider>(clock),
            funds: Minute + 2 * VisitFixture.Price);
        visits.Apps.OnWake = _ => visits.Address;
        var visit = visits.GetAsync();
        await working.Task.WaitAsync(VisitFixture.Cancellation);
        var hello = visits.Apps.Current.Apps.Single();

        clock.Advance(TimeSpan.FromSeconds(30));
        await PassUntilAsync("its price is spent", async () => (await BalanceAsync()).Spent == Minute + VisitFixture.Price);
        Assert.Equal(1, visits.Activity.Open("hello"));

        // Seventy seconds after the minute that its wake has paid, by the store's clock.
        await visits.Gateway.Services.GetRequiredService<RedisStore>().Connection.GetDatabase().HashSetAsync(
            BalanceKeys.Account(hello.Account), "ranUntil", TimeProvider.System.GetUtcNow().AddSeconds(-70).ToUnixTimeMilliseconds());
        await PassUntilAsync("it is put to sleep", () => Task.FromResult(visits.Apps.StateOf(hello) is AppState.AsleepState));

        var all = Minute + 2 * VisitFixture.Price;
        Assert.Equal(new Balance(all, 0, all, 0), await BalanceAsync());
        Assert.Equal(HttpStatusCode.PaymentRequired, (await visits.GetAsync()).StatusCode);
        Assert.False(visit.IsCompleted);

        async Task<Balance> BalanceAsync() => await visits.Gateway.BalanceAsync("hello", VisitFixture.Cancellation);

        Task PassUntilAsync(string what, Func<Task<bool>> holds) => Eventually.TrueAsync(what, async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return await holds() ? true : (bool?)null;
        });
    }
}
