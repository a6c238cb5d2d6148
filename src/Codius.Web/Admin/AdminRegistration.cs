namespace Codius.Web.Admin;

/// <summary>Registers what the host's owner uses: health and metrics; all but the probes need the admin token.</summary>
internal static class AdminRegistration
{
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddGatewayMetrics();
        return builder;
    }
}
