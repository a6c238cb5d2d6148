using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Health;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>Puts together what runs apps on a cluster. They start in this order: first all is seen, then all is read, then all is run.</summary>
internal static class KubernetesRegistration
{
    public static IServiceCollection AddKubernetes(this IServiceCollection services)
    {
        services.AddSingleton(ClusterClient.Open);
        services.AddSingleton<ResourceReader>().AddSingleton<ResourceWriter>().AddSingleton<AppObjects>();
        services.AddSingleton<StartTools>().AddSingleton<Scaler>().AddSingleton<AwakeWrites>().AddSingleton<HashReconciler>().AddSingleton<StatusWriter>();
        services.AddPart<ClusterView>().AddPart<KubernetesCatalog>().AddPart<Workloads>().AddPart<KubernetesRunner>().AddPart<AwakeRegistry>();
        services.AddPart<Leadership>().AddPart<SharedActivity>().AddPart<Reconciler>().AddPart<Tender>();
        services.AddSingleton<ILeadership>(provider => provider.GetRequiredService<Leadership>());
        services.AddSingleton<IAppCatalog>(provider => provider.GetRequiredService<KubernetesCatalog>());
        services.AddSingleton<IAppRunner>(provider => provider.GetRequiredService<KubernetesRunner>());
        services.AddSingleton<IActivityView>(provider => provider.GetRequiredService<SharedActivity>());
        services.AddSingleton<IAppStore, KubernetesAppStore>();
        return services.AddSingleton<IHealthPart, ClusterHealth>();
    }

    private static IServiceCollection AddPart<T>(this IServiceCollection services) where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
