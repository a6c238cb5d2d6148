using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Payments.Setup;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// Reads the document of the host's wallet: before the gateway serves, so that a wrong wallet is a start-up fault, and every few minutes.
/// </summary>
internal sealed partial class HostWalletReader(
    HostWalletState state, ReceivingWalletAddress wallet, ReceivingClient client, KeptWalletDocument kept, HostNames names,
    PaymentsHealth health, Supervisor supervisor, TimeProvider time, ILogger<HostWalletReader> log)
    : SupervisedService(supervisor.Work("host's wallet"))
{
    private static readonly TimeSpan TriedAtStart = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhenKnown = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan WhenStopped = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhenUnknown = TimeSpan.FromSeconds(1);

    /// <exception cref="StartupFaultException">The wallet's asset cannot be the host's.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (state.IsMode)
        {
            // The sandbox's wallet is in this process, which listens only after all services have started.
            if (!names.IsOwn(wallet.Endpoint!.IdnHost)) await TryAtStartAsync(cancellationToken);
            if (state.Kind == HostWalletKind.Unknown && await kept.ReadAsync() is { } copy && state.FaultOf(copy) is null)
            {
                state.Found(copy);
                LogKept(copy.Id);
            }
        }
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Reads the document once; the reason if it could not be read.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        var answer = await client.LookUpAsync(wallet.Endpoint!, cancellation);
        if (answer.IsGood)
        {
            var isFirst = state.Document is null;
            state.Found(answer.Value);
            if (state.Usable is null) return null;
            if (isFirst) LogFound(answer.Value.Id, answer.Value.AssetCode, answer.Value.AssetScale);
            await kept.WriteAsync(answer.Value);
            return null;
        }
        if (answer.Fault is WalletFault.NotAWallet or WalletFault.Gone or WalletFault.Refused)
        {
            // Of a wallet with a document this is an error of its own, which passes: its payments go on.
            if (state.Document is null && await kept.ReadAsync() is null)
            {
                if (state.Kind == HostWalletKind.Unknown) LogSpspOnly(wallet.Endpoint!);
                state.FoundNone();
                return null;
            }
        }
        return $"{answer.Fault}{(answer.Status is { } status ? $" ({status})" : "")}";
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!state.IsMode) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await ReadAsync(stoppingToken) is { } reason && state.Kind == HostWalletKind.Unknown)
                health.RecordWalletFailure($"the host's wallet could not be read: {reason}.");
            Work.Succeeded();
            var next = state.Kind == HostWalletKind.Unknown ? WhenUnknown : state.Fault is null ? WhenKnown : WhenStopped;
            await Task.Delay(next, time, stoppingToken);
        }
    }

    private async Task TryAtStartAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var reason = await ReadAsync(cancellation);
            if (state.Fault is { } fault) throw new StartupFaultException($"Payments:Wallet: {fault}");
            if (reason is null) return;
            if (time.GetElapsedTime(start) > TriedAtStart)
            {
                LogAway(wallet.Endpoint!, reason);
                return;
            }
            await Task.Delay(BetweenTries, time, cancellation);
        }
    }

    [LoggerMessage(LogLevel.Information, "The host is paid through the wallet {Id}, in {Code} with {Scale} digits")]
    private partial void LogFound(string id, string code, int scale);

    [LoggerMessage(LogLevel.Information,
        "The host's wallet {Url} has no Open Payments wallet address; it is asked by SPSP and must give receipts")]
    private partial void LogSpspOnly(Uri url);

    [LoggerMessage(LogLevel.Warning, "The host's wallet {Url} could not be read at the start: {Reason}")]
    private partial void LogAway(Uri url, string reason);

    [LoggerMessage(LogLevel.Information, "The host's wallet is known from an earlier start: {Id}")]
    private partial void LogKept(string id);
}
