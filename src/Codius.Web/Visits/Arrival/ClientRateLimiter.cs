using System.Net;
using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>
/// Limits how fast one client may spend the money of one app. A request that is a little too fast waits for its turn, holding no
/// thread and with nothing reserved; only one that would wait too long is refused.
/// </summary>
internal sealed class ClientRateLimiter(
    TimeProvider time, WaitingClients waiting, IOptions<ClientLimitOptions> options, IOptions<AppOptions> apps,
    LiveGateways gateways)
{
    private readonly ClientBuckets _buckets =
        new(time, new(options.Value.PerSecond, options.Value.Burst), options.Value.Tracked);

    /// <returns>0 once the request is admitted; if it is refused, the seconds after which a next one would be admitted.</returns>
    /// <exception cref="OperationCanceledException">The client left while its request waited.</exception>
    public ValueTask<int> AdmitAsync(IPAddress? address, HostedApp app, CancellationToken client)
    {
        var turn = new Turn(ClientNetwork.Of(address), app.Name, gateways.ShareOf(RateOf(app)));
        if (!_buckets.TryAcquire(turn.Client, turn.App, turn.Rate, options.Value.MaxWait, out var wait))
            return new(RetryAfter.SecondsOf(wait));
        return wait == TimeSpan.Zero ? new(0) : WaitAsync(turn, wait, client);
    }

    /// <summary>For the whole host: the owner's rate, within what the host allows now; else the host's.</summary>
    public BucketRate RateOf(HostedApp app) => new(
        app.Visits.RequestsPerSecond is { } perSecond ? Math.Min(perSecond, apps.Value.MaxRequestsPerSecond) : options.Value.PerSecond,
        app.Visits.RequestBurst is { } burst ? Math.Min(burst, apps.Value.MaxRequestBurst) : options.Value.Burst);

    private async ValueTask<int> WaitAsync(Turn turn, TimeSpan wait, CancellationToken client)
    {
        if (!waiting.TryEnter(turn.Client))
        {
            _buckets.Return(turn.Client, turn.App, turn.Rate);
            return RetryAfter.SecondsOf(wait);
        }
        try
        {
            await Task.Delay(wait, time, client);
            return 0;
        }
        catch (OperationCanceledException)
        {
            _buckets.Return(turn.Client, turn.App, turn.Rate);
            throw;
        }
        finally
        {
            waiting.Leave(turn.Client);
        }
    }

    private readonly record struct Turn(ClientNetwork Client, string App, BucketRate Rate);
}
