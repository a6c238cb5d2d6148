using System.Net;
using System.Net.Sockets;
using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Payments.OpenPayments;
using Codius.Web.Tests.Hosting.Resilience;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenPayments.Net.Clients;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>How clients' keys are fetched from wallets that are busy, broken, silent or gone; each a real server.</summary>
public sealed class KeyFetchHandlerTests : IAsyncLifetime
{
    private readonly StoppedClock _time = new();
    private readonly TaskCompletionSource _end = new();
    private WebApplication _wallet = null!;
    private HttpClient _http = null!;
    private Func<HttpContext, int, Task> _answer = (context, _) => context.Response.WriteAsync("""{"keys":[]}""");
    private int _asked;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Uri Jwks => new($"{_wallet.Urls.Single()}/alice/jwks.json");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _wallet = builder.Build();
        _wallet.Run(context => _answer(context, Interlocked.Increment(ref _asked)));
        await _wallet.StartAsync(Stop);
        _http = KeyFetchHandler.CreateClient(insecure: true, _time);
        _http.Timeout = Timeout.InfiniteTimeSpan; // it would use the machine's clock
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        _http.Dispose();
        await _wallet.DisposeAsync();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_wallet_is_asked_once_more_after_the_wait_it_asks_for(int status)
    {
        _answer = (context, asked) => RefuseAsync(context, asked == 1 ? status : 200, "1");

        var fetch = _http.GetAsync(Jwks, Stop);
        Assert.Equal(TimeSpan.FromSeconds(1), await _time.PassAsync());

        Assert.Equal((HttpStatusCode.OK, 2), ((await fetch).StatusCode, _asked));
    }

    [Fact]
    public async Task A_longer_wait_would_outlast_the_callers_patience()
    {
        _answer = (context, _) => RefuseAsync(context, 429, "2");

        Assert.Equal((HttpStatusCode.TooManyRequests, 1), ((await _http.GetAsync(Jwks, Stop)).StatusCode, _asked));
    }

    [Fact]
    public async Task A_wallet_that_fails_is_asked_twice_and_no_more_and_never_locked_out_for_its_answers()
    {
        _answer = (context, _) => RefuseAsync(context, 500, null);

        for (var i = 1; i <= 20; i++)
        {
            var fetch = _http.GetAsync(Jwks, Stop);
            await _time.PassAsync();
            Assert.Equal((HttpStatusCode.InternalServerError, 2 * i), ((await fetch).StatusCode, _asked));
        }
    }

    [Fact]
    public async Task A_wallet_that_says_nothing_costs_three_seconds()
    {
        _answer = (_, _) => _end.Task;

        var fetch = _http.GetAsync(Jwks, Stop);
        await Eventually.TrueAsync("the wallet is asked", () => _asked == 1);
        _time.Advance(GuardedHttp.Timeout);

        Assert.IsType<TimeoutRejectedException>((await Assert.ThrowsAsync<HttpRequestException>(() => fetch)).InnerException);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_dead_wallet_is_soon_left_alone_and_takes_no_other_down()
    {
        using var dead = new DeadWallet();
        for (var i = 1; i <= 5; i++)
        {
            await FailAsync(dead);
            Assert.Equal(2 * i, dead.Asked);
        }

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(new Uri(dead.Url), Stop));
        Assert.IsType<BrokenCircuitException>(refused.InnerException);
        Assert.False(await KeyLookup.HasKeyAsync(_http, dead.Url, "k", _time, Stop));
        Assert.Equal(10, dead.Asked);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(Jwks, Stop)).StatusCode);

        _time.Advance(TimeSpan.FromSeconds(5));
        await FailAsync(dead);
        Assert.Equal(12, dead.Asked);
    }

    private static Task RefuseAsync(HttpContext context, int status, string? retryAfter)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    }

    private async Task FailAsync(DeadWallet dead)
    {
        var fetch = _http.GetAsync(new Uri(dead.Url), Stop);
        await _time.PassAsync();
        Assert.IsNotType<BrokenCircuitException>((await Assert.ThrowsAsync<HttpRequestException>(() => fetch)).InnerException);
    }

    /// <summary>Closes every connection at once, and counts them.</summary>
    private sealed class DeadWallet : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _asked;

        public DeadWallet()
        {
            _listener.Start();
            _ = HangUpAsync();
        }

        public string Url => $"http://dead.localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public int Asked => Volatile.Read(ref _asked);

        public void Dispose() => _listener.Dispose();

        private async Task HangUpAsync()
        {
            while (true)
            {
                Socket caller;
                try
                {
                    caller = await _listener.AcceptSocketAsync();
                }
                catch (Exception over) when (over is SocketException or ObjectDisposedException)
                {
                    return;
                }
                Interlocked.Increment(ref _asked);
                caller.Close(timeout: 0);
            }
        }
    }
}
