using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Testing;

/// <summary>Puts fake apps in the place of an engine's.</summary>
internal static class FakeAppsRegistration
{
    /// <summary>They carry what the host's owner set for them, as an engine's do.</summary>
    public static IServiceCollection AddFakeApps(this IServiceCollection services, FakeApps apps) =>
        services.AddSingleton<IAppRunner>(apps).AddSingleton<IAppCatalog>(provider => new SteeredCatalog(
            apps, provider.GetRequiredService<IAppSteering>(), provider.GetRequiredService<Supervisor>()));
}
