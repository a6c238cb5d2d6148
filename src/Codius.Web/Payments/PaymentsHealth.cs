using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments;

/// <summary>Remembers how payments have gone lately, for the people who run the host.</summary>
internal sealed class PaymentsHealth(IOptions<PaymentsOptions> options, TimeProvider time) : IHealthCheck
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private volatile Moment? _lastPacket;
    private volatile Moment? _lastCredit;
    private volatile Moment? _failure;
    private volatile Moment? _recovery;

    /// <summary>A packet came from a connector.</summary>
    public void RecordPacket() => _lastPacket = new Moment(time.GetUtcNow(), "");

    /// <summary>Money was credited.</summary>
    public void RecordCredit()
    {
        _lastCredit = new Moment(time.GetUtcNow(), "");
        RecordRecovery();
    }

    /// <summary>What payments need answered again: failure, if there was any, is over.</summary>
    public void RecordRecovery()
    {
        if (_failure is { } failure && (_recovery is null || _recovery.At <= failure.At)) _recovery = new Moment(time.GetUtcNow(), "");
    }

    /// <summary>Something failed that was not the payer's doing.</summary>
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
