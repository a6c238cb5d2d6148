using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments;

/// <summary>The health of payments: the last packet, credit and failure, and whether credits are stopped.</summary>
internal sealed class PaymentsHealth(IOptions<PaymentsOptions> options, TimeProvider time) : IHealthCheck
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private volatile Moment? _lastPacket;
    private volatile Moment? _lastCredit;
    private volatile Moment? _failure;
    private volatile Moment? _walletFailure;
    private volatile Moment? _recovery;
    private volatile Moment? _stop;

    /// <summary>Why nothing is credited; null if it is.</summary>
    public string? Stop => _stop?.Reason;

    /// <summary>Why payments are turned away; null since the last one that was not.</summary>
    public string? Failure => _failure is { } failure && !(_recovery?.At >= failure.At) ? failure.Reason : null;

    /// <summary>What the host's wallet last refused, or how it failed; null for nothing.</summary>
    public (string Reason, DateTimeOffset At)? WalletFailure => _walletFailure is { } failure ? (failure.Reason, failure.At) : null;

    /// <summary>When this gateway last credited a payment; null if it has not.</summary>
    public DateTimeOffset? LastCredit => _lastCredit?.At;

    /// <summary>A connector sent a packet.</summary>
    public void RecordPacket() => _lastPacket = new Moment(time.GetUtcNow(), "");

    /// <summary>Money was credited.</summary>
    public void RecordCredit()
    {
        _lastCredit = new Moment(time.GetUtcNow(), "");
        RecordRecovery();
    }

    /// <summary>The ledger or the receiving wallet answered again, which ends an earlier failure.</summary>
    public void RecordRecovery()
    {
        if (_failure is { } failure && (_recovery is null || _recovery.At <= failure.At)) _recovery = new Moment(time.GetUtcNow(), "");
    }

    /// <summary>A payment failed for a reason on the host's side.</summary>
    public void RecordFailure(string reason) => _failure = new Moment(time.GetUtcNow(), reason);

    /// <summary>The same, and it was the host's wallet that refused or failed.</summary>
    public void RecordWalletFailure(string reason)
    {
        RecordFailure(reason);
        _walletFailure = new Moment(time.GetUtcNow(), reason);
    }

    /// <summary>Nothing is credited, until <see cref="RecordResumed"/>: the host's owner must act.</summary>
    public void RecordStopped(string reason) => _stop = new Moment(_stop?.At ?? time.GetUtcNow(), reason);

    /// <summary>What stopped the credits has ended.</summary>
    public void RecordResumed()
    {
        _stop = null;
        RecordRecovery();
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (failure, recovery, stop) = (_failure, _recovery, _stop);
        var failing = failure is not null && (recovery is null || recovery.At < failure.At);
        var mode = options.Value.Receiver;
        return Task.FromResult(HealthResults.Of(
            stop is not null ? HealthStatus.Unhealthy : failing ? HealthStatus.Degraded : HealthStatus.Healthy,
            stop?.At ?? (failing ? failure!.At : recovery?.At ?? _start),
            stop is not null ? "Payments are not credited: " + stop.Reason
            : failing ? "Payments were turned away: " + failure!.Reason
            : mode == PaymentsMode.Direct ? "This gateway receives payments itself."
            : "The host's wallet receives payments; what it says it received is credited here.",
            stop?.Reason ?? failure?.Reason,
            details: new Dictionary<string, object?>
            {
                ["mode"] = mode.ToString(),
                ["lastPacket"] = _lastPacket?.At,
                ["lastCredit"] = _lastCredit?.At,
                ["lastErrorAt"] = failure?.At,
            }));
    }

    private sealed record Moment(DateTimeOffset At, string Reason);
}
