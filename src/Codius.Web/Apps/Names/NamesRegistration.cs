using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Manifests;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Names;

/// <summary>What both ways of running apps share: the rules of names and manifests, and whose a deleted name is.</summary>
internal static class NamesRegistration
{
    public static IServiceCollection AddNamesAndManifests(this IServiceCollection services)
    {
        services.AddSettings<KubernetesOptions>(KubernetesOptions.Section);
        services.AddSingleton<IValidateOptions<KubernetesOptions>, KubernetesRules>();
        return services.AddSingleton<NameRules>().AddSingleton<ManifestRules>().AddSingleton<SecretSeal>().AddSingleton<OwnerSeal>()
            .AddSingleton<IKeptNames, KeptNames>();
    }
}
