namespace Codius.Web.Admin;

/// <summary>The owner's side: health, metrics, administration; all but the probes behind the admin token.</summary>
internal static class AdminRegistration
{
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddGatewayMetrics();
        return builder;
    }
}
