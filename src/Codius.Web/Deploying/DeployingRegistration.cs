using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Deploying.Admission;
using Codius.Web.Deploying.Certificates;
using Codius.Web.Deploying.Reservations;
using Codius.Web.Deploying.Services;
using Codius.Web.Deploying.Tokens;
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
        services.AddSingleton<ManifestBody>().AddSingleton<Visibility>().AddSingleton<PutService>().AddSingleton<GetService>().AddSingleton<DeleteService>();
        services.AddSingleton<TokenReviewEndpoint>().AddSingleton<Mutation>().AddSingleton<Validation>().AddSingleton<AdmissionEndpoints>();
        services.AddSettings<WebhookOptions>(WebhookOptions.Section);
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookRules>();
        services.AddSingleton<CertificateMaker>().AddSingleton<WebhookCertificates>().AddSingleton<ApiServerCertificates>();
        services.AddSingleton<IListenerOpener, WebhookListener>().AddHostedService<CertificateFiles>();
        if (AppsRegistration.EngineOf(builder.Configuration) == AppEngine.Kubernetes)
        {
            services.AddSingleton(provider => new CertificateSecret(provider.GetRequiredService<IOptions<KubernetesOptions>>().Value.GatewayNamespace, "codius-web-webhooks"));
            services.AddSingleton<WebhookAuthorities>().AddHostedService<CertificateKeeper>();
        }
        return builder;
    }
}
