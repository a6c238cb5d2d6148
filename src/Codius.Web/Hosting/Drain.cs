using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting;

/// <summary>
/// How the gateway stops: first it only reports not ready and ends each connection behind its answer, so that load balancers
/// and clients turn away while it still serves; then event streams end, requests in flight finish, and Kestrel closes.
/// </summary>
internal sealed class Drain(IOptions<GatewayOptions> gateway, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _streamsEnd = new();

    /// <summary>True from the moment the gateway was asked to stop.</summary>
    public bool Started { get; private set; }

    /// <summary>Cancelled when streams that would never end by themselves must end.</summary>
    public CancellationToken StreamsEnd => _streamsEnd.Token;

    /// <summary>
    /// The time the whole stop may take, read before the settings are checked: the host asks for it while it is being built.
    /// A text that is no time is a fault the check will name.
    /// </summary>
    public static TimeSpan LongestStop(IConfiguration configuration)
    {
        var defaults = new GatewayOptions();
        return Read(nameof(GatewayOptions.DrainDelay), defaults.DrainDelay)
            + Read(nameof(GatewayOptions.DrainTimeout), defaults.DrainTimeout);

        TimeSpan Read(string key, TimeSpan otherwise) =>
            TimeSpan.TryParse(configuration[$"{GatewayOptions.Section}:{key}"], CultureInfo.InvariantCulture, out var time) ? time
                : otherwise;
    }

    /// <summary>
    /// Ends the request's connection behind its answer if the gateway stops: a client that came back on it later would find it
    /// closed in its face.
    /// </summary>
    public void CloseIfStopping(HttpContext context)
    {
        if (Started) context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Started = true;
        await Task.Delay(gateway.Value.DrainDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _streamsEnd.CancelAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _streamsEnd.Dispose();
}
