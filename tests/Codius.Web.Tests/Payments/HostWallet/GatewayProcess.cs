using System.Diagnostics;
using Codius.Testing;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>The built gateway in a process of its own, to be killed. It has no apps; accounts of deploy tokens can be paid.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private GatewayProcess(IEnumerable<string> settings, IReadOnlyDictionary<string, string>? variables)
    {
        var port = FreePort.Find();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Codius.Web.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
        };
        string[] own =
        [
            $"Host:PublicUrl=http://{GatewayUnderTest.Domain}", "Gateway:Listen=127.0.0.1", $"Gateway:DataFolder={_folder.Path}",
            $"Gateway:Port={port}", "Gateway:Http2Port=0", $"Gateway:ManagementPort={FreePort.Find()}",
            $"Admin:Token={PayableGateway.AdminToken}", $"Host:Secret={PayableGateway.HostSecret}", "Payments:PerClientBurst=100000",
        ];
        foreach (var (name, value) in variables ?? new Dictionary<string, string>()) start.Environment[name] = value;
        foreach (var setting in own.Concat(settings)) start.ArgumentList.Add("--" + setting);
        Http = new HttpClient(GatewayUnderTest.Handler(port)) { Timeout = TimeSpan.FromMinutes(2) };
        _process = Process.Start(start)!;
    }

    /// <summary>A client whose requests all arrive at this gateway.</summary>
    public HttpClient Http { get; }

    /// <param name="settings">Arguments of the command line.</param>
    /// <param name="variables">Variables of its environment.</param>
    public static async Task<GatewayProcess> StartAsync(
        IEnumerable<string> settings, IReadOnlyDictionary<string, string>? variables = null)
    {
        var gateway = new GatewayProcess(settings, variables);
        await gateway.RunsAsync();
        return gateway;
    }

    /// <summary>SIGKILL: it gets no time to finish anything.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Http.Dispose();
        _folder.Dispose();
    }

    private async Task RunsAsync()
    {
        var lines = new List<string>();
        var errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (!line.Contains("Codius.Web is running.", StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None); // so that it never waits for a reader
            return;
        }
        throw new InvalidOperationException($"The gateway ended at once:\n{string.Join('\n', lines)}\n{await errors}");
    }
}
