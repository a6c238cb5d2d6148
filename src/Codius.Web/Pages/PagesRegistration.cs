namespace Codius.Web.Pages;

/// <summary>Puts the room together.</summary>
internal static class PagesRegistration
{
    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder) => builder;
}
