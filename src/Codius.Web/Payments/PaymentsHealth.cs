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
    private volatile Moment? _trouble;
    private volatile Moment? _recovery;

    /// <summary>A packet came from a connector.</summary>
    public void SawPacket() => _lastPacket = new Moment(time.GetUtcNow(), "");

    /// <summary>Money was credited.</summary>
    public void SawCredit()
    {
        _lastCredit = new Moment(time.GetUtcNow(), "");
        SawRecovery();
    }

    /// <summary>What payments need answered again: trouble, if there was any, is over.</summary>
    public void SawRecovery()
    {
        if (_trouble is { } trouble && (_recovery is null || _recovery.At <= trouble.At)) _recovery = new Moment(time.GetUtcNow(), "");
    }

    /// <summary>Something failed that was not the payer's doing.</summary>
    public void SawTrouble(string what) => _trouble = new Moment(time.GetUtcNow(), what);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (trouble, recovery) = (_trouble, _recovery);
        var failing = trouble is not null && (recovery is null || recovery.At < trouble.At);
        var mode = options.Value.Mode;
        return Task.FromResult(HealthResults.Of(
            failing ? HealthStatus.Degraded : HealthStatus.Healthy,
            failing ? trouble!.At : recovery?.At ?? _start,
            failing ? "Payments were turned away: " + trouble!.What
            : mode == PaymentsMode.Direct ? "This gateway receives payments itself."
            : "The receiving wallet receives payments; its receipts are credited here.",
            trouble?.What,
            details: new Dictionary<string, object?>
            {
                ["mode"] = mode.ToString(),
                ["lastPacket"] = _lastPacket?.At,
                ["lastCredit"] = _lastCredit?.At,
                ["lastErrorAt"] = trouble?.At,
            }));
    }

    private sealed record Moment(DateTimeOffset At, string What);
}
