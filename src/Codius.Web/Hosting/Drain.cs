using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting;

/// <summary>
/// Stops the gateway gracefully: first it only reports not ready and closes each connection after its answer, so that load balancers
/// and clients go elsewhere while it still serves; then event streams end, requests in flight finish, and Kestrel closes.
/// </summary>
internal sealed class Drain(IOptions<GatewayOptions> gateway, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _streamsEnd = new();

    /// <summary>True once the gateway is stopping.</summary>
    public bool Started { get; private set; }

    /// <summary>Cancelled when streams that do not end by themselves must end.</summary>
    public CancellationToken StreamsEnd => _streamsEnd.Token;

    /// <summary>
    /// The time the whole shutdown may take, read before the settings are validated: the host needs it while it is being built.
    /// Validation later reports a text that is not a time.
    /// </summary>
    public static TimeSpan LongestStop(IConfiguration configuration)
    {
        var defaults = new GatewayOptions();
        return Read(nameof(GatewayOptions.DrainDelay), defaults.DrainDelay)
            + Read(nameof(GatewayOptions.DrainTimeout), defaults.DrainTimeout);

        TimeSpan Read(string key, TimeSpan otherwise) =>
            TimeSpan.TryParse(configuration[$"{GatewayOptions.Section}:{key}"], CultureInfo.InvariantCulture, out var time)
                ? time
                : otherwise;
    }

    /// <summary>
    /// Closes the request's connection after its answer if the gateway is stopping: a client that reused it later would lose its request.
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
