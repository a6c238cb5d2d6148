namespace Codius.Web.Apps.Load;

/// <summary>Registers what is known of all gateways together.</summary>
internal static class LoadRegistration
{
    public static IServiceCollection AddLoad(this IServiceCollection services) => services
        .AddSingleton<HostLoad>().AddHostedService(provider => provider.GetRequiredService<HostLoad>())
        .AddSingleton<LastVisits>().AddHostedService(provider => provider.GetRequiredService<LastVisits>());
}
