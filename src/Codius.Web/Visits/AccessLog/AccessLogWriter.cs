using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Threading.Channels;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Visits.AccessLog;

/// <summary>
/// Writes the access log in the background. No visit waits for it: a line that finds too many waiting before it is dropped and counted.
/// </summary>
internal sealed class AccessLogWriter(AccessLogOutput output, Supervisor supervisor) : SupervisedService(supervisor.Work("access log"))
{
    /// <summary>About 5 MB of lines.</summary>
    public const int MostWaiting = 10_000;

    /// <summary>What a pipe takes as a whole: a log message that another thread writes is not torn.</summary>
    private const int Batch = 4096;

    private static readonly Counter<long> Dropped = Telemetry.Meter.CreateCounter<long>(
        "codius.access_log.dropped", "{line}", "Lines of the access log that were not written, since it was written too slowly.");

    private readonly Channel<VisitLine> _lines =
        Channel.CreateBounded<VisitLine>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public void Write(VisitLine line)
    {
        if (!_lines.Writer.TryWrite(line)) Dropped.Add(1);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Visits have ended, and the lines of the last ones are still to be written.
        _lines.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        await output.DisposeAsync();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var batch = new ArrayBufferWriter<byte>(Batch);
        while (await _lines.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_lines.Reader.TryRead(out var line))
            {
                var bytes = JsonSerializer.SerializeToUtf8Bytes(line, VisitLineJson.Default.VisitLine);
                if (batch.WrittenCount > 0 && batch.WrittenCount + bytes.Length + 1 > Batch) await WriteAsync(batch);
                batch.Write(bytes);
                batch.Write("\n"u8);
            }
            await WriteAsync(batch);
            Work.Succeeded();
        }
    }

    private async Task WriteAsync(ArrayBufferWriter<byte> batch)
    {
        try
        {
            await output.WriteAsync(batch.WrittenMemory);
        }
        finally
        {
            // Lines that could not be written, such as to a full disk, are not tried again: others wait.
            batch.ResetWrittenCount();
        }
    }
}
