using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps.Names;

/// <summary>Registers what both engines share: the rules of names and manifests, and the holds of deleted names.</summary>
internal static class NamesRegistration
{
    public static IServiceCollection AddNamesAndManifests(this IServiceCollection services)
    {
        return services.AddSingleton<NameRules>().AddSingleton<ManifestRules>().AddSingleton<VisitAnnotationRules>()
            .AddSingleton<SecretSeal>().AddSingleton<OwnerSignature>().AddSingleton<AppAlertKeys>()
            .AddSingleton<INameHolds, NameHolds>();
    }
}
