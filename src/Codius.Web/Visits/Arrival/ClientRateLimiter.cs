using System.Net;
using Codius.Shared;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>Limits how fast one client may spend the money of one app.</summary>
internal sealed class ClientRateLimiter(TimeProvider time, IOptions<ClientLimitOptions> options)
{
    private readonly TokenBuckets<ClientOfApp> _buckets = new(time, options.Value.PerSecond, options.Value.Burst, options.Value.Tracked);

    /// <summary>Admits one request; false, with the seconds until the next one is admitted, if the client sends too fast.</summary>
    public bool TryEnter(IPAddress? address, string app, out int retryAfter)
    {
        var entered = _buckets.TryAcquire(new ClientOfApp(ClientNetwork.Of(address), app), out var wait);
        retryAfter = RetryAfter.SecondsOf(wait);
        return entered;
    }

    private readonly record struct ClientOfApp(ClientNetwork Client, string App);
}
