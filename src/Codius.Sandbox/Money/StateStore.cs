using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Codius.Sandbox.Paying;
using Codius.Sandbox.Receiving;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Codius.Sandbox.Money;

/// <summary>Holds books and history and saves them after changes, several at once, and a last time at shutdown.</summary>
internal sealed partial class StateStore : BackgroundService
{
    private readonly Channel<bool> _changes =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SandboxSettings _settings;
    private readonly StateFile _file;
    private readonly ILogger<StateStore> _log;

    public StateStore(SandboxSettings settings, StateFile file, TimeProvider time, ILogger<StateStore> log)
    {
        (_settings, _file, _log) = (settings, file, log);
        var kept = file.Read();
        Secret = kept.Secret;
        Books = new Books(kept.Balances);
        History = new History(kept.History);
        HostPayments = new HostPayments(kept.HostPayments, time);
        Books.Moved += RequestSave;
        History.Changed += RequestSave;
        HostPayments.Changed += RequestSave;
    }

    public Books Books { get; }

    public History History { get; }

    public HostPayments HostPayments { get; }

    /// <summary>The secret from which the receiving wallet's addresses derive.</summary>
    public string Secret { get; }

    /// <summary>A key of 32 bytes for one purpose, the same after a restart.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromBase64String(Secret), 32, info: Encoding.UTF8.GetBytes(purpose));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _changes.Reader.WaitToReadAsync(stoppingToken))
            {
                _changes.Reader.TryRead(out _);
                await _settings.Supervise("sandbox money", () =>
                {
                    Save();
                    return Task.CompletedTask;
                });
            }
        }
        catch (OperationCanceledException)
        {
            // StopAsync saves the last state.
        }
    }

    private void RequestSave() => _changes.Writer.TryWrite(true);

    private void Save()
    {
        try
        {
            _file.Write(new SandboxState
            {
                Balances = Books.Snapshot(),
                History = History.All,
                HostPayments = HostPayments.All,
                Secret = Secret,
            });
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(trouble.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sandbox's play money could not be saved: {Reason}")]
    private partial void LogNotSaved(string reason);
}
