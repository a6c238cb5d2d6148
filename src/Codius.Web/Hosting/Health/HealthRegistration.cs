using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Hosting.Health;

/// <summary>Registers health checks; every part that can fail has one.</summary>
internal static class HealthRegistration
{
    /// <summary>The tag of parts without which the gateway is not ready.</summary>
    public const string NeededToServe = "needed-to-serve";

    /// <param name="services">The services.</param>
    /// <param name="name">The part's name in <c>/admin/health</c>, such as <c>ledger</c>.</param>
    /// <param name="neededToServe">True if the gateway is not ready while this part has failed.</param>
    public static IServiceCollection AddHealth<T>(this IServiceCollection services, string name, bool neededToServe = false)
        where T : class, IHealthCheck
    {
        services.AddSingleton<T>(); // one instance for all checks: it remembers when its state began
        services.AddHealthChecks().AddCheck<T>(name, tags: neededToServe ? [NeededToServe] : []);
        return services;
    }
}
