using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Codius.Testing;
using Codius.Web.Apps;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.JourneyTests.Admin;

/// <summary>
/// A whole gateway with fifty apps that clients visit all the time: most are paid for and awake, some start when they are visited and fall
/// asleep again, one fails, some have no money. The books are the real ones.
/// </summary>
internal sealed class LoadedHost : IAsyncDisposable
{
    public const string Token = "an-admin-token-for-the-load";
    public const int Apps = 50;

    private const ulong Unit = 1_000_000_000;
    private const int Visitors = 4;
    private const int FirstSleepy = 38;
    private const int FirstPoor = 44;
    private const int Failing = 5;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(15);

    private readonly CancellationTokenSource _end = new();
    private readonly Channel<string> _waking = Channel.CreateUnbounded<string>();
    private readonly GatewayUnderTest _gateway;
    private readonly FakeApps _apps;
    private readonly CountedApp _good;
    private readonly CountedApp _bad;
    private readonly HttpClient _http;
    private Task _load = Task.CompletedTask;

    private LoadedHost(GatewayUnderTest gateway, FakeApps apps, CountedApp good, CountedApp bad)
    {
        (_gateway, _apps, _good, _bad) = (gateway, apps, good, bad);
        _http = gateway.Client();
    }

    public IServiceProvider Services => _gateway.Services;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{_gateway.ManagementPort}/admin/");

    /// <summary>How often each status was answered.</summary>
    public ConcurrentDictionary<int, int> Answers { get; } = new();

    public static async Task<LoadedHost> StartAsync()
    {
        var apps = new FakeApps { Since = TimeProvider.System.GetUtcNow() };
        for (var i = 0; i < Apps; i++) apps.Host(NameOf(i), image: $"registry.example/{NameOf(i)}:1.{i}");
        var gateway = await GatewayUnderTest.StartAsync(
            [
                $"Admin:Token={Token}", "Host:DisplayName=Quiet Harbour", "Visits:PerClient:PerSecond=100000",
                "Visits:PerClient:Burst=100000", "Sleeping:IdleAfter=01:00:00",
                "Payments:Connectors:lighthouse=0123456789abcdef-of-lighthouse",
            ],
            services => services.AddFakeApps(apps));
        var bad = await CountedApp.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return "out of order";
        });
        var host = new LoadedHost(gateway, apps, await CountedApp.StartAsync(), bad);
        for (var i = 0; i < FirstPoor; i++)
        {
            await gateway.PayAsync(NameOf(i), (ulong)(1 + i % 7) * Unit / 10, CancellationToken.None);
            if (i < FirstSleepy) apps.Set(NameOf(i), new AppState.Awake(i == Failing ? bad.Address : host._good.Address));
        }
        apps.OnWake = app =>
        {
            host._waking.Writer.TryWrite(app.Name);
            return AppState.Waking;
        };
        host._load = Task.WhenAll(
            [host.StartAppsAsync(), host.VisitSleepyAsync(), .. Enumerable.Range(0, Visitors).Select(host.VisitAsync)]);
        return host;
    }

    public static string NameOf(int app) => DashboardStage.NameOf(app);

    /// <summary>Fails if the load has ended by itself.</summary>
    public void CheckLoad() => Assert.False(_load.IsCompleted, _load.Exception?.ToString() ?? "The load has ended");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _load;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
        _http.Dispose();
        await _gateway.DisposeAsync();
        await _good.DisposeAsync();
        await _bad.DisposeAsync();
        _end.Dispose();
    }

    /// <summary>Visits apps, some of them more often than others, and those without money now and then.</summary>
    private async Task VisitAsync(int visitor)
    {
        using var timer = new PeriodicTimer(Pace);
        for (var i = visitor; await timer.WaitForNextTickAsync(_end.Token); i += Visitors)
        {
            var app = i % 25 == 0 ? FirstPoor + i / 25 % (Apps - FirstPoor)
                : i % 40 == 7 ? Failing : (int)((long)i * i % 61 % FirstSleepy);
            await GetAsync(app);
        }
    }

    /// <summary>Visits apps that sleep: each visit is a cold start, and the app falls asleep after it.</summary>
    private async Task VisitSleepyAsync()
    {
        for (var i = FirstSleepy; !_end.IsCancellationRequested; i = i + 1 < FirstPoor ? i + 1 : FirstSleepy)
        {
            await GetAsync(i);
            _apps.Set(NameOf(i), AppState.Asleep);
        }
    }

    /// <summary>An app is awake after some more visits to others.</summary>
    private async Task StartAppsAsync()
    {
        await foreach (var name in _waking.Reader.ReadAllAsync(_end.Token))
        {
            var served = _good.Served;
            await Eventually.TrueAsync("others are visited", () => _end.IsCancellationRequested || _good.Served > served + 50);
            _apps.Set(name, new AppState.Awake(_good.Address));
        }
    }

    private async Task GetAsync(int app)
    {
        using var answer = await _http.GetAsync(new Uri(GatewayUnderTest.UrlOf(NameOf(app))), _end.Token);
        Answers.AddOrUpdate((int)answer.StatusCode, 1, static (_, count) => count + 1);
    }
}
