using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Balances;
using Codius.Web.Pages.Home;
using Codius.Web.Tests.Apps.Kubernetes.Webhooks;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Deploying.Kubectl;

/// <summary>kubectl with a deploy token against a real API server, which calls the gateway's webhooks over TLS, as on a host.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private readonly ApiServer _server = new();
    private DeployHost? _host;

    private DeployHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(ApiServer.Missing is not null, ApiServer.Missing ?? "");
        var bundle = new CertificateMaker(TimeProvider.System).Renew(null, ["127.0.0.1"]);
        var client = TestCertificates.Client("kube-apiserver");
        await File.WriteAllTextAsync(_server["clients.crt"], client.Authorities);
        await File.WriteAllTextAsync(_server["client.crt"], client.Certificate);
        await File.WriteAllTextAsync(_server["client.key"], client.Key);
        await File.WriteAllTextAsync(_server["gateway-ca.crt"], bundle.Authorities);
        var certificates = new WebhookCertificates();
        certificates.Replace(bundle.Certificate, bundle.Key);
        var options = Options.Create(new WebhookOptions { ClientAuthorityFile = _server["clients.crt"] });
        _host = await DeployHost.StartAsync(new WebhookListener(
            certificates, new ApiServerCertificates(options), Options.Create(new AppOptions { Engine = AppEngine.Kubernetes }), options));

        var port = Host.Webhooks.BaseAddress!.Port;
        await File.WriteAllTextAsync(_server["client.yaml"], $$"""
            apiVersion: v1
            kind: Config
            users: [{name: "127.0.0.1:{{port}}",
              user: {client-certificate: {{_server["client.crt"]}}, client-key: {{_server["client.key"]}} } }]
            """);
        await File.WriteAllTextAsync(_server["tokens.yaml"], $$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: codius, cluster: {server: "https://127.0.0.1:{{port}}/token",
              certificate-authority: {{_server["gateway-ca.crt"]}} } }]
            users: [{name: api, user: {client-certificate: {{_server["client.crt"]}}, client-key: {{_server["client.key"]}} } }]
            contexts: [{name: codius, context: {cluster: codius, user: api} }]
            current-context: codius
            """);
        await File.WriteAllTextAsync(_server["admission.yaml"], $$"""
            apiVersion: apiserver.config.k8s.io/v1
            kind: AdmissionConfiguration
            plugins:
              - name: MutatingAdmissionWebhook
                configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: WebhookAdmissionConfiguration,
                  kubeConfigFile: {{_server["client.yaml"]}} }
              - name: ValidatingAdmissionWebhook
                configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: WebhookAdmissionConfiguration,
                  kubeConfigFile: {{_server["client.yaml"]}} }
            """);
        await _server.StartAsync(
            [$"--admission-control-config-file={_server["admission.yaml"]}",
                $"--authentication-token-webhook-config-file={_server["tokens.yaml"]}"], TestContext.Current.CancellationToken);
        await _server.AddAppsAsync();
        await OwnerAsync(null, "apply", "-f", Path.Combine(Repository.Root, "deploy/base/deployers.yaml"));
        await InstallWebhooksAsync(port, bundle);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_host is not null) await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_deploy_is_paid_by_its_token_and_belongs_to_it()
    {
        var (token, stranger, poor) = (await Host.TokenAsync(), await Host.TokenAsync(), await Host.TokenAsync(deploys: 0));

        // A token without funds is not authenticated; one with funds may read only what belongs to it.
        var (refused, output) = await ApplyAsync(poor, App("my-app"));
        Assert.NotEqual(0, refused);
        Assert.Matches("(?i)unauthorized|provide credentials", output);
        Assert.Contains("forbidden", (await _server.KubectlAsync(token, null, ["get", "services.core.codius.org"])).Text,
            StringComparison.OrdinalIgnoreCase);

        // A dry run is free; a fault is reported with its path.
        Assert.Contains("created (server dry run)", (await ApplyAsync(token, App("my-app"), "--dry-run=server")).Text,
            StringComparison.Ordinal);
        Assert.Equal(DeployHost.Price, (await Host.BalanceAsync(token)).Available);
        Assert.Contains("spec.containers[0].image", (await ApplyAsync(token, App("my-app", image: "elsewhere.example/app"))).Text,
            StringComparison.Ordinal);

        // Deployed: the price is reserved, the owner written, the secret sealed.
        var (exit, text) = await ApplyAsync(token, App("my-app"));
        Assert.True(exit == 0, text);
        Assert.Equal(0UL, (await Host.BalanceAsync(token)).Available);
        var stored = await OwnerAsync(null, "get", "capp", "my-app", "-o", "json");
        Assert.Contains(AccountId.OfDeployToken(token).ToString(), stored, StringComparison.Ordinal);
        Assert.DoesNotContain(token, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret text", stored, StringComparison.Ordinal);

        // No other token's.
        Assert.Contains("Another deploy token deployed this app",
            (await ApplyAsync(stranger, App("my-app", image: "docker.io/other/app"))).Text, StringComparison.Ordinal);
        Assert.Contains("Another deploy token deployed this app",
            (await _server.KubectlAsync(stranger, null, ["delete", "capp", "my-app"])).Text, StringComparison.Ordinal);
        Assert.Equal(DeployHost.Price, (await Host.BalanceAsync(stranger)).Available);

        // The command on the host's page, with its image: in addition it only needs to trust this API server.
        var example = HomeExamples
            .Kubectl("https://host.test", _server.Client.BaseUri, ownAuthority: false, "nginxinc/nginx-unprivileged:stable-alpine")
            .Replace("my-app", "page-app", StringComparison.Ordinal);
        (exit, text) = await _server.ShellAsync(stranger, example);
        Assert.True(exit == 0, text);
        Assert.Contains("page-app created", text, StringComparison.Ordinal);
        Assert.Equal(0UL, (await Host.BalanceAsync(stranger)).Available);
    }

    private static string App(string name, string image = "docker.io/example/app") => $$"""
        apiVersion: core.codius.org/v1alpha1
        kind: Service
        metadata: {name: {{name}} }
        spec:
          port: 8080
          containers:
            - name: web
              image: {{image}}
              env: [{name: KEY, valueFrom: {secretKeyRef: {key: key} } }]
        secretData: {key: a secret text, nonce: "0123456789"}
        """;

    private Task<(int Exit, string Text)> ApplyAsync(string token, string manifest, params string[] arguments) =>
        _server.KubectlAsync(token, manifest, ["apply", "-f", "-", .. arguments]);

    private async Task<string> OwnerAsync(string? input, params string[] arguments)
    {
        var (exit, text) = await _server.KubectlAsync(input, arguments);
        Assert.True(exit == 0, text);
        return text;
    }

    // The configurations of deploy/, but called by address: there is no Service here.
    private async Task InstallWebhooksAsync(int port, CertificateBundle bundle)
    {
        Admissionregistrationv1WebhookClientConfig At(Admissionregistrationv1WebhookClientConfig client) =>
            new()
            {
                Url = $"https://127.0.0.1:{port}{client.Service.Path}",
                CaBundle = System.Text.Encoding.ASCII.GetBytes(bundle.Authorities)
            };
        foreach (
            var found in KubernetesYaml.LoadAllFromString(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy/base/webhooks.yaml"))))
        {
            if (found is V1MutatingWebhookConfiguration mutating)
            {
                mutating.Webhooks[0].ClientConfig = At(mutating.Webhooks[0].ClientConfig);
                await _server.Client.AdmissionregistrationV1.CreateMutatingWebhookConfigurationAsync(mutating);
            }
            else if (found is V1ValidatingWebhookConfiguration validating)
            {
                validating.Webhooks[0].ClientConfig = At(validating.Webhooks[0].ClientConfig);
                await _server.Client.AdmissionregistrationV1.CreateValidatingWebhookConfigurationAsync(validating);
            }
        }
        // An API server loads new configurations after a moment; until it calls the webhooks, it accepts a manifest they would deny.
        await Eventually.TrueAsync<bool>("the webhooks are asked",
            async () =>
                (await _server.KubectlAsync(App("probe", image: "elsewhere.example/app"), "apply", "--dry-run=server", "-f", "-")).Text
                .Contains("not from a registry", StringComparison.Ordinal) ? true : null);
    }
}
