using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps.Names;

/// <summary>What both ways of running apps share: the rules of names and manifests, and whose a deleted name is.</summary>
internal static class NamesRegistration
{
    public static IServiceCollection AddNamesAndManifests(this IServiceCollection services)
    {
        return services.AddSingleton<NameRules>().AddSingleton<ManifestRules>().AddSingleton<SecretSeal>().AddSingleton<OwnerSignature>()
            .AddSingleton<INameHolds, NameHolds>();
    }
}
