using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Hosting.Health;

/// <summary>Registers what can say how it is; every room that can fail has such a part.</summary>
internal static class HealthRegistration
{
    /// <summary>The tag of parts without which the gateway is not ready.</summary>
    public const string NeededToServe = "needed-to-serve";

    /// <param name="services">Where to.</param>
    /// <param name="name">What the part is called in <c>/admin/health</c>, such as <c>ledger</c>.</param>
    /// <param name="neededToServe">True if the gateway is not ready while this part has failed.</param>
    public static IServiceCollection AddHealth<T>(this IServiceCollection services, string name, bool neededToServe = false)
        where T : class, IHealthCheck
    {
        services.AddSingleton<T>(); // one for all checks: it remembers since when
        services.AddHealthChecks().AddCheck<T>(name, tags: neededToServe ? [NeededToServe] : []);
        return services;
    }
}
