using System.Diagnostics.Metrics;
using Codius.Shared;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Rates;

/// <summary>The rate of every endpoint that has none of its own: each client has it at each endpoint; over it 429.</summary>
internal sealed class DefaultRate(IOptions<GatewayOptions> options, LiveGateways gateways, TimeProvider time)
{
    private static readonly Counter<long> Refusals =
        Telemetry.Meter.CreateCounter<long>("codius.requests.refused", description: "Requests over the default rate, by endpoint");

    private readonly BucketRate _rate = new(options.Value.PerClient, options.Value.PerClientBurst);
    private readonly ClientBuckets _clients = new(time, new(options.Value.PerClient, options.Value.PerClientBurst));

    /// <summary>Between routing and the endpoints of one table.</summary>
    public static void Use(IApplicationBuilder table)
    {
        var limiter = table.ApplicationServices.GetRequiredService<DefaultRate>();
        table.Use(next => context => limiter.TryEnter(context, out var refusal) ? next(context) : refusal);
    }

    private bool TryEnter(HttpContext context, out Task refusal)
    {
        refusal = Task.CompletedTask;
        // What matches no endpoint is answered 404 from memory.
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return true;
        if (endpoint.Metadata.GetMetadata<EndpointRate>() is { } other && other.IsKnown?.Invoke(context) is null or true) return true;
        var name = endpoint.RoutePattern.RawText ?? "";
        if (_clients.TryAcquire(
            ClientNetwork.Of(context.Connection.RemoteIpAddress), name, gateways.ShareOf(_rate), TimeSpan.Zero, out var wait)) return true;
        Refusals.Add(1, new KeyValuePair<string, object?>("endpoint", name));
        // A page of another origin may read this as any other answer.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        refusal = TooManyRequests.WriteAsync(context, wait, TooManyRequests.OfClient);
        return false;
    }
}
