using System.Diagnostics.Metrics;
using System.Globalization;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Hosting.Certificates;

/// <summary>When the certificate of a port ends, as a gauge and as an alert before it does.</summary>
/// <param name="port">Whose certificate it is: <c>visits</c> or <c>webhooks</c>.</param>
/// <param name="certificate">The certificate.</param>
/// <param name="files">Its files; null if it has none.</param>
/// <param name="isNeeded">True if the port cannot work without one, also if it has no files.</param>
/// <param name="time">The clock.</param>
internal sealed class CertificateAlerts(
    string port, ServerCertificate certificate, CertificateFiles? files, bool isNeeded, TimeProvider time) : IAlertSource, IGauges
{
    public static AlertRule Ends { get; } = new("certificate-ends", TimeSpan.FromMinutes(1),
        "Renew the certificate and put it in place of the old files; the gateway reads them again by itself.");

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);
    private static readonly TimeSpan VerySoon = TimeSpan.FromDays(3);

    private bool IsMissing => certificate.Current is null && (isNeeded || files?.Current.Trouble is not null);

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge(
            "codius.certificate.end",
            () => certificate.Current is { } current
                ? [new Measurement<double>(new DateTimeOffset(current.NotAfter).ToUnixTimeSeconds(), [new("port", port)])]
                : Array.Empty<Measurement<double>>(),
            "s", "When the certificate of a port ends, in seconds since 1970.");
        meter.CreateObservableGauge(
            "codius.certificate.usable",
            () => certificate.Current is not null || IsMissing
                ? [new Measurement<int>(IsMissing || files?.Current.Trouble is not null ? 0 : 1, [new("port", port)])]
                : Array.Empty<Measurement<int>>(),
            null, "1 while the certificate of a port, or its files, can be used, else 0.");
    }

    public IEnumerable<AlertCondition> Check()
    {
        var trouble = files?.Current.Trouble;
        if (certificate.Current is not { } current)
        {
            if (IsMissing)
                yield return new AlertCondition(Ends, AlertSeverity.Critical, port,
                    $"The {port} port has no certificate." + (trouble is null ? "" : $" Its files cannot be used: {trouble}"));
            yield break;
        }
        var until = current.NotAfter.ToUniversalTime();
        var left = until - time.GetUtcNow().UtcDateTime;
        if (left >= Soon && trouble is null) yield break;
        yield return new AlertCondition(Ends, left < VerySoon ? AlertSeverity.Critical : AlertSeverity.Warning, port,
            string.Create(CultureInfo.InvariantCulture, $"The certificate of the {port} port is valid until {until:u}.")
                + (trouble is null ? "" : $" Its files cannot be used: {trouble}"));
    }
}
