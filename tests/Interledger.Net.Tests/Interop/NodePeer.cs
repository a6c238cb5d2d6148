using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;

namespace Interledger.Net.Tests.Interop;

/// <summary>
/// A program of <c>tests/interop</c> that runs in Node: reads its arguments as one JSON object, writes one JSON object per line, and ends
/// with its input.
/// </summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<JsonElement> _lines = Channel.CreateUnbounded<JsonElement>();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private NodePeer(Process process)
    {
        _process = process;
        _reading = ReadLinesAsync();
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>The folder of the programs, in the repository.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../interop"));

    /// <param name="program">The script.</param>
    /// <param name="arguments">Its arguments, passed as JSON.</param>
    /// <param name="trusted">A file with the certificate of an authority that it must trust; null for none.</param>
    public static NodePeer Start(string program, object arguments, string? trusted = null)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            Assert.Fail("The Node peers are not installed. Run 'npm ci' in tests/interop (test.sh does it).");

        var start = new ProcessStartInfo("node", [program, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web)])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (trusted is not null) start.Environment["NODE_EXTRA_CA_CERTS"] = trusted;
        try
        {
            return new NodePeer(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Node is not installed: install Node 20 or later (on Debian: apt-get install nodejs npm).");
            throw;
        }
    }

    public Task WriteAsync(object line) => _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(line, JsonSerializerOptions.Web));

    /// <summary>The next line that has this member; a line with <c>failed</c> fails the test.</summary>
    public async Task<JsonElement> ReadAsync(string member)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (await _lines.Reader.WaitToReadAsync(patience.Token))
        {
            var line = await _lines.Reader.ReadAsync(patience.Token);
            if (line.TryGetProperty("failed", out var failure)) Assert.Fail(failure.GetString());
            if (line.TryGetProperty(member, out _)) return line;
        }

        throw new InvalidOperationException($"Node ended without saying '{member}': {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reading;
        await _errors;
        _process.Dispose();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private async Task ReadLinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            if (line.StartsWith('{')) await _lines.Writer.WriteAsync(JsonDocument.Parse(line).RootElement, CancellationToken.None);
        _lines.Writer.Complete();
    }
}
