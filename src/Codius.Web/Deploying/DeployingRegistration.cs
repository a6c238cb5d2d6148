using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Deploying.Kubectl;
using Codius.Web.Deploying.Paying;
using Codius.Web.Deploying.Services;
using Codius.Web.Hosting.Listening;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Codius.Web.Deploying;

/// <summary>Puts the room together.</summary>
internal static class DeployingRegistration
{
    public static WebApplicationBuilder AddDeploying(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DeployProblems>();
        services.AddSingleton<DeployFunds>().AddSingleton<DeployReservations>().AddHostedService<DeployCommits>();
        services.AddSingleton<ManifestBody>().AddSingleton<CatalogWait>().AddSingleton<PutService>().AddSingleton<GetService>().AddSingleton<DeleteService>();
        services.AddSingleton<TokenReviewEndpoint>().AddSingleton<Mutation>().AddSingleton<Validation>().AddSingleton<AdmissionEndpoints>();
        services.AddSettings<WebhookOptions>(WebhookOptions.Section);
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookRules>();
        services.AddSingleton<CertificateMaker>().AddSingleton<WebhookCertificates>().AddSingleton<ApiServerCertificates>();
        services.AddSingleton<IListenerOpener, WebhookListener>().AddHostedService<CertificateFiles>();
        if (AppsRegistration.ModeOf(builder.Configuration) == HostingMode.Kubernetes)
        {
            services.AddSingleton(provider => new CertificateSecret(provider.GetRequiredService<IOptions<KubernetesOptions>>().Value.GatewayNamespace, "codius-web-webhooks"));
            services.AddSingleton<WebhookAuthorities>().AddHostedService<WebhookCertificateRotation>();
        }
        return builder;
    }
}
