using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Codius.Testing;
using Codius.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Tests.Hosting.Certificates;

/// <summary>The visits port with a certificate of the host's owner, on real connections.</summary>
public sealed class VisitsCertificateTests : IDisposable
{
    private readonly TestAuthority _authority = new(GatewayUnderTest.Domain);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_knows_only_the_root_gets_the_whole_chain()
    {
        await using var gateway = await StartAsync();

        var shown = await ShownAsync(gateway);

        var certificate = ThumbprintOf(await File.ReadAllTextAsync(_authority.CertificateFile, Cancellation));
        Assert.Equal([certificate, _authority.Intermediate.Thumbprint], shown.Thumbprints);
        Assert.Equal(SslPolicyErrors.None, shown.Errors);
        Assert.Equal(SslApplicationProtocol.Http2, shown.Protocol);
    }

    [Fact]
    public async Task Files_behind_a_link_that_is_swapped_are_used_without_a_restart()
    {
        var (first, second) = (_authority.Issue(), _authority.Issue());
        using var folder = new TemporaryFolder();
        // As Kubernetes mounts a Secret: the files are links through a link that is swapped.
        Write("one", first);
        File.CreateSymbolicLink(folder["..data"], folder["one"]);
        File.CreateSymbolicLink(folder["tls.crt"], folder["..data/tls.crt"]);
        File.CreateSymbolicLink(folder["tls.key"], folder["..data/tls.key"]);
        await using var gateway = await StartAsync(folder["tls.crt"], folder["tls.key"]);
        Assert.Equal(ThumbprintOf(first.Certificate), (await ShownAsync(gateway)).Thumbprints[0]);

        Write("two", second);
        Directory.Delete(folder["..data"]);
        File.CreateSymbolicLink(folder["..data"], folder["two"]);
        await ShowsAsync(gateway, second.Certificate);

        void Write(string name, (string Certificate, string Key) pair)
        {
            Directory.CreateDirectory(folder[name]);
            File.WriteAllText(folder[$"{name}/tls.crt"], pair.Certificate);
            File.WriteAllText(folder[$"{name}/tls.key"], pair.Key);
        }
    }

    [Fact]
    public async Task Half_a_renewal_changes_nothing_and_is_in_the_health_until_it_is_whole()
    {
        await using var gateway = await StartAsync();
        var before = (await ShownAsync(gateway)).Thumbprints;
        var renewed = _authority.Issue();

        // The certificate comes first, and in two parts.
        await File.WriteAllTextAsync(_authority.CertificateFile, renewed.Certificate[..^100], Cancellation);
        await Eventually.TrueAsync("the trouble is in the health", async () =>
            (await HealthAsync(gateway)) is { Status: HealthStatus.Degraded } health
                && health.Description!.StartsWith("Its files cannot be used", StringComparison.Ordinal) ? true : (bool?)null);
        await File.WriteAllTextAsync(_authority.CertificateFile, renewed.Certificate, Cancellation);
        Assert.Equal(before, (await ShownAsync(gateway)).Thumbprints);

        await File.WriteAllTextAsync(_authority.KeyFile, renewed.Key, Cancellation);
        await ShowsAsync(gateway, renewed.Certificate);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(gateway)).Status);
    }

    [Fact]
    public async Task Files_that_are_away_for_a_while_are_no_trouble_any_more_once_they_are_back()
    {
        await using var gateway = await StartAsync();
        File.Move(_authority.KeyFile, _authority.KeyFile + ".away");
        await StateAsync(HealthStatus.Degraded);

        File.Move(_authority.KeyFile + ".away", _authority.KeyFile);
        await StateAsync(HealthStatus.Healthy);

        Task StateAsync(HealthStatus status) => Eventually.TrueAsync($"the certificate's health is {status}", async () =>
            (await HealthAsync(gateway)).Status == status ? true : (bool?)null);
    }

    [Fact]
    public async Task A_certificate_that_should_have_been_renewed_is_in_the_health()
    {
        var (certificate, key) = _authority.Issue(days: 5);
        await File.WriteAllTextAsync(_authority.CertificateFile, certificate, Cancellation);
        await File.WriteAllTextAsync(_authority.KeyFile, key, Cancellation);

        await using var gateway = await StartAsync();

        var health = await HealthAsync(gateway);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.StartsWith("It should have been renewed: it is valid until", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_do_not_fit_together_are_a_fault_at_the_start()
    {
        File.WriteAllText(_authority.KeyFile, _authority.Issue().Key);

        var faults = Assert.Throws<StartupFaultException>(() => Gateway.Build(
        [
            "--environment=Development", $"--Gateway:CertificateFile={_authority.CertificateFile}",
            $"--Gateway:CertificateKeyFile={_authority.KeyFile}",
        ])).Faults;

        Assert.Contains(faults, fault => fault.Contains("are not a certificate and its key: ", StringComparison.Ordinal));
    }

    public void Dispose() => _authority.Dispose();

    private Task<GatewayUnderTest> StartAsync(string? certificate = null, string? key = null) => GatewayUnderTest.StartAsync(
        certificate is null ? [] : [$"Gateway:CertificateFile={certificate}", $"Gateway:CertificateKeyFile={key}"], authority: _authority);

    private async Task ShowsAsync(GatewayUnderTest gateway, string certificate) =>
        await Eventually.TrueAsync("the renewed certificate is shown", async () =>
            (await ShownAsync(gateway)).Thumbprints[0] == ThumbprintOf(certificate) ? true : (bool?)null);

    private static async Task<HealthReportEntry> HealthAsync(GatewayUnderTest gateway) =>
        (await gateway.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["certificate"];

    private static string ThumbprintOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.Thumbprint;
    }

    /// <summary>What the server sends in its handshake, and what a client that trusts only the root says of it.</summary>
    private async Task<Shown> ShownAsync(GatewayUnderTest gateway)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", gateway.Port, Cancellation);
        var (thumbprints, errors) = (new List<string>(), SslPolicyErrors.RemoteCertificateNotAvailable);
        var options = _authority.Trust;
        options.TargetHost = "hello." + GatewayUnderTest.Domain;
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        options.RemoteCertificateValidationCallback = (_, certificate, chain, found) =>
        {
            // Beside those that the client trusts, the chain was given what the server sent.
            thumbprints.Add(((X509Certificate2)certificate!).Thumbprint);
            thumbprints.AddRange(chain!.ChainPolicy.ExtraStore.Select(sent => sent.Thumbprint).Where(sent => !thumbprints.Contains(sent)));
            errors = found;
            return true;
        };
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(options, Cancellation);
        return new Shown(thumbprints, errors, tls.NegotiatedApplicationProtocol);
    }

    private sealed record Shown(IReadOnlyList<string> Thumbprints, SslPolicyErrors Errors, SslApplicationProtocol Protocol);
}
