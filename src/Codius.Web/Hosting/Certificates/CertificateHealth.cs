using System.Globalization;
using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Hosting.Certificates;

/// <summary>The health of the visits' certificate: whether its files can be read, and whether it is renewed in time.</summary>
internal sealed class CertificateHealth(
    [FromKeyedServices(CertificatesRegistration.VisitsPort)] CertificateFiles files, VisitsCertificate certificate, TimeProvider time)
    : IHealthCheck
{
    private static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(7);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (state, until) = (files.Current, certificate.Current?.NotAfter.ToUniversalTime() ?? DateTime.MinValue);
        var isDue = until - time.GetUtcNow().UtcDateTime < RenewedBefore;
        var valid = string.Create(CultureInfo.InvariantCulture, $"valid until {until:u}");
        return Task.FromResult(HealthResults.Of(
            state.Trouble is null && !isDue ? HealthStatus.Healthy : HealthStatus.Degraded,
            state.Since,
            state.Trouble is not null ? $"Its files cannot be used; the certificate before is served, {valid}."
                : isDue ? $"It should have been renewed: it is {valid}." : $"It is {valid}.",
            state.Trouble));
    }
}
