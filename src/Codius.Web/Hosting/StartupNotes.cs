using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting;

/// <summary>A line for the host's owner, written when the gateway is up, such as an address to open.</summary>
/// <param name="Order">Lower ones are written first.</param>
/// <param name="Text">The line; null for none.</param>
internal sealed record StartupNote(int Order, Func<IServiceProvider, string?> Text);

/// <summary>Writes what runs and which addresses to open, once the gateway has started.</summary>
internal sealed partial class StartupNotes(
    IServiceProvider services, IEnumerable<StartupNote> notes, IHostEnvironment environment, IHostApplicationLifetime lifetime,
    HostNames names, IOptions<GatewayOptions> gateway, ILogger<StartupNotes> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(WriteNotes);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WriteNotes()
    {
        var lines = notes.OrderBy(note => note.Order).Select(note => note.Text(services)).OfType<string>()
            .Prepend($"The host itself: {names.Origin}/")
            .Append($"Health, for probes: port {gateway.Value.ManagementPort}, /health/ready; in full, with the admin token: /admin/health")
            .ToArray();
        if (!environment.IsDevelopment())
        {
            foreach (var line in lines) LogLine(line);
            return;
        }
        Console.WriteLine($"\nCodius.Web is running.\n\n  {string.Join("\n  ", lines)}\n\nStop it with Ctrl+C.\n");
    }

    [LoggerMessage(LogLevel.Information, "{Line}")]
    private partial void LogLine(string line);
}
