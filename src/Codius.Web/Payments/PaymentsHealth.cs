using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments;

/// <summary>The health of payments: the last packet, credit and failure.</summary>
internal sealed class PaymentsHealth(IOptions<PaymentsOptions> options, TimeProvider time) : IHealthCheck
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private volatile Moment? _lastPacket;
    private volatile Moment? _lastCredit;
    private volatile Moment? _failure;
    private volatile Moment? _recovery;

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

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (failure, recovery) = (_failure, _recovery);
        var failing = failure is not null && (recovery is null || recovery.At < failure.At);
        var mode = options.Value.Mode;
        return Task.FromResult(HealthResults.Of(
            failing ? HealthStatus.Degraded : HealthStatus.Healthy,
            failing ? failure!.At : recovery?.At ?? _start,
            failing ? "Payments were turned away: " + failure!.Reason
            : mode == PaymentsMode.Direct ? "This gateway receives payments itself."
            : "The receiving wallet receives payments; its receipts are credited here.",
            failure?.Reason,
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
