namespace Codius.Web.Apps;

/// <summary>Puts the room together.</summary>
internal static class AppsRegistration
{
    public static WebApplicationBuilder AddApps(this WebApplicationBuilder builder) => builder;
}
