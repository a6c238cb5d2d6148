using System.Diagnostics;
using System.Globalization;

namespace BoundsLoad;

/// <summary>The process of <see cref="Clients"/>.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process _process;

    public ClientProcess(string[] command, int port, int count, string host, string word, params string[] paths)
    {
        string[] arguments =
        [
            .. command[1..], "clients", port.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture),
            host, word, .. paths,
        ];
        _process = Process.Start(new ProcessStartInfo(command[0], arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Returns when all requests are sent.</summary>
    public async Task SentAsync() => await _process.StandardOutput.ReadLineAsync();

    /// <summary>How many connections have read the word how often, as <c>10000x1</c>.</summary>
    public async Task<string> FoundAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? "";
    }

    /// <summary>Waits until all have read it so often.</summary>
    public async Task<TimeSpan> AllFoundAsync(string all)
    {
        var start = Stopwatch.GetTimestamp();
        while (await FoundAsync() is var found && found != all)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(2)) throw new TimeoutException($"{found} instead of {all}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
