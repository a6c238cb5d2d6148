using System.Threading.Channels;
using Codius.Sandbox.Paying;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Codius.Sandbox.Money;

/// <summary>Writes books and history down soon after they changed, many changes at once, and a last time at the end.</summary>
internal sealed partial class StateStore : BackgroundService
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly StateFile _file;
    private readonly ILogger<StateStore> _log;

    public StateStore(StateFile file, ILogger<StateStore> log)
    {
        (_file, _log) = (file, log);
        var kept = file.Read();
        Secret = kept.Secret;
        Books = new Books(kept.Balances);
        History = new History(kept.History);
        Books.Moved += Note;
        History.Changed += Note;
    }

    public Books Books { get; }

    public History History { get; }

    /// <summary>From which the receiving wallet's addresses derive.</summary>
    public string Secret { get; }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _changes.Reader.WaitToReadAsync(stoppingToken))
            {
                _changes.Reader.TryRead(out _);
                Write();
            }
        }
        catch (OperationCanceledException)
        {
            // StopAsync writes the end.
        }
    }

    private void Note() => _changes.Writer.TryWrite(true);

    private void Write()
    {
        try
        {
            _file.Write(new SandboxState { Balances = Books.Snapshot(), History = History.All, Secret = Secret });
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            LogNotKept(trouble.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sandbox's play money could not be written down: {Reason}")]
    private partial void LogNotKept(string reason);
}
