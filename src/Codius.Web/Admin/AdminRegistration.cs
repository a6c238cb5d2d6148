namespace Codius.Web.Admin;

/// <summary>Puts the room together.</summary>
internal static class AdminRegistration
{
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder) => builder;
}
