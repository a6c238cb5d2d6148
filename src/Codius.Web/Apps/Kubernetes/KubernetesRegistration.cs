using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Apps.Manifests;
using Codius.Web.Apps.Steering;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Certificates;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Listening;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>
/// Registers the Kubernetes engine. Its services start in this order: first the watches, then the catalog, then the runner.
/// </summary>
internal static class KubernetesRegistration
{
    /// <summary>
    /// Registers what both engines need: the settings, which are validated at start, and the reader of custom resources.
    /// </summary>
    public static IServiceCollection AddKubernetesResources(this IServiceCollection services)
    {
        services.AddSettings<KubernetesOptions>(KubernetesOptions.Section);
        services.AddSingleton<IValidateOptions<KubernetesOptions>, KubernetesOptionsValidator>();
        services.AddSettings<WebhookOptions>(WebhookOptions.Section);
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSingleton(provider =>
            new AllowedRegistries(provider.GetRequiredService<IOptions<KubernetesOptions>>().Value.Registries));
        services.AddSingleton(provider =>
            new ContainerLimit(provider.GetRequiredService<IOptions<KubernetesOptions>>().Value.Resources.MaxContainers));
        return services.AddSingleton<ResourceReader>().AddSingleton<DerivedFields>();
    }

    public static IServiceCollection AddKubernetes(this IServiceCollection services)
    {
        services.AddSingleton(ClusterClient.Open);
        services.AddSingleton<ResourceWriter>().AddSingleton<AppObjects>();
        services.AddSingleton<WorkloadContext>().AddSingleton<Scaler>().AddSingleton<AwakeWrites>().AddSingleton<HashReconciler>()
            .AddSingleton<StatusWriter>();
        services.AddHosted<ClusterView>().AddHosted<NameRecords>().AddHosted<KubernetesCatalog>().AddHosted<Workloads>()
            .AddHosted<KubernetesRunner>().AddHosted<AwakeRegistry>();
        services.AddHosted<Leadership>().AddHosted<SharedActivity>().AddHosted<Reconciler>().AddHosted<UnneededWorkloadScaler>()
            .AddHosted<ResolverPolicy>().AddHosted<SealRenewal>();
        services.AddSingleton<ILeadership>(provider => provider.GetRequiredService<Leadership>());
        services.AddAppCatalog<KubernetesCatalog>();
        services.AddSingleton<IAppRunner>(provider => provider.GetRequiredService<KubernetesRunner>());
        services.AddSingleton<IActivityView>(provider => provider.GetRequiredService<SharedActivity>());
        services.AddAppStore<KubernetesAppStore>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<KubernetesOptions>>().Value.Resources.OfApp());
        services.AddSingleton<IHostQuota, NamespaceQuota>();
        services.AddWebhooks();
        services.AddSingleton<IAlertSource, ClusterAlerts>().AddGauges<ClusterAlerts>();
        return services.AddHealth<ClusterHealth>("cluster");
    }

    private static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<CertificateMaker>().AddSingleton<WebhookCertificates>().AddSingleton<ApiServerCertificates>();
        services.AddSingleton(provider => new CertificateSecret(
            provider.GetRequiredService<IOptions<KubernetesOptions>>().Value.GatewayNamespace, "codius-web-webhooks"));
        services.AddSingleton<WebhookAuthorities>();
        services.AddSingleton<IListenerOpener, WebhookListener>();
        services.AddCertificateFiles<WebhookCertificates>("webhooks", provider =>
            provider.GetRequiredService<IOptions<WebhookOptions>>().Value is { CertificateFile: { } file, CertificateKeyFile: { } key }
                ? (file, key) : null);
        services.AddHosted<WebhookCertificateRotation>();
        services.AddCertificateAlerts<WebhookCertificates>(
            "webhooks", provider => provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Enabled);
    }

    private static IServiceCollection AddHosted<T>(this IServiceCollection services) where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
