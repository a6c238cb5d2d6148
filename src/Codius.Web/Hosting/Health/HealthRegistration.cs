using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Hosting.Health;

/// <summary>Registers health checks; every part that can fail has one.</summary>
internal static class HealthRegistration
{
    /// <param name="services">The services.</param>
    /// <param name="name">The part's name in <c>/admin/health</c>, such as <c>ledger</c>.</param>
    public static IServiceCollection AddHealth<T>(this IServiceCollection services, string name) where T : class, IHealthCheck
    {
        services.AddSingleton<T>(); // one instance for all checks: it remembers when its state began
        services.AddHealthChecks().AddCheck<T>(name);
        return services;
    }
}
