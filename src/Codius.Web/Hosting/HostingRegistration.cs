namespace Codius.Web.Hosting;

/// <summary>Puts the room together.</summary>
internal static class HostingRegistration
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder) => builder;
}
