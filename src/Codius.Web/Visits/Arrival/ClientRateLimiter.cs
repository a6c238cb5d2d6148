using System.Net;
using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>
/// Limits how fast one client may spend the money of one app. A request that is a little too fast waits for its turn, holding no
/// thread and with nothing reserved; only one that would wait too long is refused.
/// </summary>
internal sealed class ClientRateLimiter(
    TimeProvider time, WaitingClients waiting, IOptions<ClientLimitOptions> options, IOptions<AppOptions> apps)
{
    private readonly TokenBuckets<ClientOfApp> _buckets = new(time, options.Value.PerSecond, options.Value.Burst, options.Value.Tracked);

    /// <returns>0 once the request is admitted; if it is refused, the seconds after which a next one would be admitted.</returns>
    /// <exception cref="OperationCanceledException">The client left while its request waited.</exception>
    public ValueTask<int> AdmitAsync(IPAddress? address, HostedApp app, CancellationToken client)
    {
        var rate = RateOf(app);
        var key = new ClientOfApp(ClientNetwork.Of(address), app.Name, rate);
        if (!_buckets.TryAcquire(key, rate, options.Value.MaxWait, out var wait)) return new(RetryAfter.SecondsOf(wait));
        return wait == TimeSpan.Zero ? new(0) : WaitAsync(key, wait, client);
    }

    /// <summary>The owner's rate, within what the host allows now; else the host's.</summary>
    private BucketRate RateOf(HostedApp app) => new(
        app.Visits.RequestsPerSecond is { } perSecond ? Math.Min(perSecond, apps.Value.MaxRequestsPerSecond) : options.Value.PerSecond,
        app.Visits.RequestBurst is { } burst ? Math.Min(burst, apps.Value.MaxRequestBurst) : options.Value.Burst);

    private async ValueTask<int> WaitAsync(ClientOfApp key, TimeSpan wait, CancellationToken client)
    {
        if (!waiting.TryEnter(key.Client))
        {
            _buckets.Return(key, key.Rate);
            return RetryAfter.SecondsOf(wait);
        }
        try
        {
            await Task.Delay(wait, time, client);
            return 0;
        }
        catch (OperationCanceledException)
        {
            _buckets.Return(key, key.Rate);
            throw;
        }
        finally
        {
            waiting.Leave(key.Client);
        }
    }

    private readonly record struct ClientOfApp(ClientNetwork Client, string App, BucketRate Rate);
}
