using System.Diagnostics;

namespace Codius.Testing.Stores;

/// <summary>The embedded Redis in a process of its own, to be killed.</summary>
internal sealed class GarnetProcess : IStoreProcess
{
    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private string? _socket;

    public string ConnectionString => "!" + _socket;

    public async Task StartAsync(CancellationToken cancellation)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Codius.GarnetHost.dll");
        _process = Process.Start(
            new ProcessStartInfo("dotnet", [program, _folder["redis"]]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _socket = await _process.StandardOutput.ReadLineAsync(cancellation)
            ?? throw new InvalidOperationException("The host of Garnet did not start");
    }

    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
