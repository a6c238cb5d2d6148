using System.Security.Cryptography.X509Certificates;
using System.Text;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Tests.Deployment;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Webhooks;

/// <summary>Two gateways that share one certificate, on a real API server.</summary>
public sealed class WebhookCertificateRotationTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private static readonly string Webhooks = Path.Combine(Repository.Root, "deploy/base/webhooks.yaml");

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task The_leader_makes_renews_and_mends_it_and_every_gateway_shows_it()
    {
        Assert.SkipWhen(ApiServer.Missing is not null, ApiServer.Missing ?? "");
        var server = fixture.Server;
        await server.AddNamespaceAsync("codius", TestContext.Current.CancellationToken);
        await server.KubectlAsync(null, "apply", "-f", Webhooks);
        var (leader, follower) = (new Gateway(server.Client, _time, leads: true), new Gateway(server.Client, _time, leads: false));
        await leader.Rotation.StartAsync(TestContext.Current.CancellationToken);
        await follower.Rotation.StartAsync(TestContext.Current.CancellationToken);

        // Issued: trusted by the API servers, served by both.
        var first = await ShownAsync(leader, follower, before: null);
        var bundle = CertificateSecret.Open(await SecretAsync())!;
        Assert.True(first.MatchesHostname("codius-web-webhooks.codius.svc"));
        await TrustedAsync(first);

        // Renewed when it is due, under the same authority.
        _time.Advance(CertificateMaker.Lifetime - CertificateMaker.RenewedBefore + TimeSpan.FromHours(2));
        var second = await ShownAsync(leader, follower, before: first);
        Assert.Equal(bundle.Authorities, CertificateSecret.Open(await SecretAsync())!.Authorities);
        await TrustedAsync(second);

        // Webhook configurations that are applied again get it within a round.
        await server.KubectlAsync(null, "delete", "-f", Webhooks);
        await server.KubectlAsync(null, "apply", "-f", Webhooks);
        await Eventually.TrueAsync<bool>("both have their authority", async () =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return (await ClientsAsync()).All(client => client.CaBundle is { Length: > 1 }) ? true : null;
        });
        await TrustedAsync(second);

        // Deleted: issued anew.
        await server.Client.CoreV1.DeleteNamespacedSecretAsync("codius-web-webhooks", "codius",
            cancellationToken: TestContext.Current.CancellationToken);
        await TrustedAsync(await ShownAsync(leader, follower, before: second));

        await leader.Rotation.StopAsync(TestContext.Current.CancellationToken);
        await follower.Rotation.StopAsync(TestContext.Current.CancellationToken);
    }

    private Task<V1Secret> SecretAsync() =>
        fixture.Server.Client.CoreV1.ReadNamespacedSecretAsync("codius-web-webhooks", "codius",
        cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>
    /// The certificate that both serve instead of the one before. The clock advances meanwhile: a gateway may have just begun to wait
    /// for its next round.
    /// </summary>
    private async Task<X509Certificate2> ShownAsync(Gateway one, Gateway other, X509Certificate2? before)
    {
        await Eventually.TrueAsync("both gateways show a new certificate",
            () =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                return one.Certificates.Current is { } shown && shown.Thumbprint == other.Certificates.Current?.Thumbprint
                    && shown.Thumbprint != before?.Thumbprint;
            });
        return one.Certificates.Current!;
    }

    private async Task TrustedAsync(X509Certificate2 shown)
    {
        Assert.All(await ClientsAsync(), client =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPem(Encoding.ASCII.GetString(client.CaBundle));
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
            Assert.True(chain.Build(shown));
        });
    }

    private async Task<Admissionregistrationv1WebhookClientConfig[]> ClientsAsync()
    {
        var admission = fixture.Server.Client.AdmissionregistrationV1;
        var mutating =
            await admission.ReadMutatingWebhookConfigurationAsync("codius-web", cancellationToken: TestContext.Current.CancellationToken);
        var validating =
            await admission.ReadValidatingWebhookConfigurationAsync("codius-web", cancellationToken: TestContext.Current.CancellationToken);
        return [mutating.Webhooks.Single().ClientConfig, validating.Webhooks.Single().ClientConfig];
    }

    /// <summary>The services of a gateway that rotate the certificate.</summary>
    private sealed class Gateway
    {
        public Gateway(IKubernetes client, TimeProvider time, bool leads) =>
            Rotation = new WebhookCertificateRotation(
                client, new CertificateSecret("codius", "codius-web-webhooks"),
                new WebhookAuthorities(client, NullLogger<WebhookAuthorities>.Instance), new CertificateMaker(time), Certificates,
                new Leads(leads), Options.Create(new WebhookOptions()), Supervised.By(time), time,
                NullLogger<WebhookCertificateRotation>.Instance);

        public WebhookCertificates Certificates { get; } = new();

        public WebhookCertificateRotation Rotation { get; }
    }

    /// <summary>A fake election.</summary>
    private sealed class Leads(bool leads) : ILeadership
    {
        public bool IsLeader => leads;

        public event Action? Changed
        {
            add { }
            remove { }
        }
    }
}
