using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Puts a decorator around a service that the gateway has registered.</summary>
internal static class ServiceWrapping
{
    public static IServiceCollection Wrap<T>(this IServiceCollection services, Func<T, T> decorate) where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        return services.AddSingleton(provider => decorate((T)(
            inner.ImplementationFactory?.Invoke(provider) ?? inner.ImplementationInstance
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
