using Codius.Testing;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Certificates;
using Codius.Web.Tests.Hosting.Observability;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting.Certificates;

/// <summary>When a certificate that ends, or files that cannot be used, are an alert.</summary>
public sealed class CertificateAlertsTests : IDisposable
{
    private readonly TestAuthority _authority = new(GatewayUnderTest.Domain);
    private readonly TemporaryFolder _folder = new();
    private readonly VisitsCertificate _certificate = new();

    [Theory]
    [InlineData("14.00:00:00", null)]
    [InlineData("13.23:59:59", AlertSeverity.Warning)]
    [InlineData("3.00:00:00", AlertSeverity.Warning)]
    [InlineData("2.23:59:59", AlertSeverity.Critical)]
    [InlineData("-1.00:00:00", AlertSeverity.Critical)]
    public void It_is_a_warning_14_days_before_the_end_and_critical_3_days_before(string left, object? severity)
    {
        Show();
        var until = _certificate.Current!.NotAfter.ToUniversalTime();
        var alerts = new CertificateAlerts("visits", _certificate, null, false, At(TimeSpan.Parse(left, null)));

        var condition = alerts.Check().SingleOrDefault();

        Assert.Equal(severity, condition?.Severity);
        if (condition is null) return;
        Assert.Equal(("certificate-ends", "visits"), (condition.Rule.Id, condition.Subject));
        Assert.Equal($"The certificate of the visits port is valid until {until:u}.", condition.Summary);
    }

    [Fact]
    public void A_port_without_a_certificate_and_without_files_has_none() =>
        Assert.Empty(new CertificateAlerts("webhooks", _certificate, null, false, new FakeTimeProvider()).Check());

    [Fact]
    public void A_port_that_needs_a_certificate_and_has_none_is_critical()
    {
        var condition = Assert.Single(new CertificateAlerts("webhooks", _certificate, null, true, new FakeTimeProvider()).Check());

        Assert.Equal((AlertSeverity.Critical, "The webhooks port has no certificate."), (condition.Severity, condition.Summary));
    }

    [Fact]
    public async Task The_gauges_say_the_same()
    {
        var time = new FakeTimeProvider();
        using var files = await FilesAsync(time);
        Assert.Empty(Gauges(null, isNeeded: false));
        Assert.Equal([("codius.certificate.usable", 0)], Gauges(null, isNeeded: true));
        Assert.Equal([("codius.certificate.usable", 0)], Gauges(files, isNeeded: false));

        Show();

        var end = ("codius.certificate.end", new DateTimeOffset(_certificate.Current!.NotAfter).ToUnixTimeSeconds());
        Assert.Equal([end, ("codius.certificate.usable", 1)], Gauges(null, isNeeded: true));
        Assert.Equal([end, ("codius.certificate.usable", 0)], Gauges(files, isNeeded: false));

        List<(string, long)> Gauges(CertificateFiles? of, bool isNeeded) => Measured.By(
            new CertificateAlerts("a port", _certificate, of, isNeeded, time));
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_a_warning_while_the_certificate_before_is_valid()
    {
        Show();
        var time = At(TimeSpan.FromDays(20));
        using var files = await FilesAsync(time);

        var condition = Assert.Single(new CertificateAlerts("visits", _certificate, files, false, time).Check());

        Assert.Equal(AlertSeverity.Warning, condition.Severity);
        Assert.Contains("Its files cannot be used: ", condition.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_critical_while_the_port_has_no_certificate()
    {
        var time = new FakeTimeProvider();
        using var files = await FilesAsync(time);

        var condition = Assert.Single(new CertificateAlerts("visits", _certificate, files, false, time).Check());

        Assert.Equal(("certificate-ends", AlertSeverity.Critical, "visits"), (condition.Rule.Id, condition.Severity, condition.Subject));
        Assert.StartsWith("The visits port has no certificate. Its files cannot be used: ", condition.Summary, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private void Show()
    {
        var (certificate, key) = _authority.Issue();
        _certificate.Replace(certificate, key);
    }

    private FakeTimeProvider At(TimeSpan beforeItsEnd) => new(new DateTimeOffset(_certificate.Current!.NotAfter) - beforeItsEnd);

    /// <summary>Files that do not exist, read once.</summary>
    private async Task<CertificateFiles> FilesAsync(TimeProvider time)
    {
        var files = new CertificateFiles("visits", (_folder["tls.crt"], _folder["tls.key"]), _certificate, Supervised.By(time), time,
            NullLogger<CertificateFiles>.Instance);
        await files.StartAsync(TestContext.Current.CancellationToken);
        await files.StopAsync(TestContext.Current.CancellationToken);
        return files;
    }
}
