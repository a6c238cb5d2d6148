using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Starts a gateway that hosts one app, hello.</summary>
internal static class HelloGateway
{
    public static async Task<PayableGateway> StartAsync(Action<IServiceCollection>? services = null)
    {
        var gateway = await PayableGateway.StartAsync(services: services);
        gateway.Deploy("hello");
        return gateway;
    }
}
