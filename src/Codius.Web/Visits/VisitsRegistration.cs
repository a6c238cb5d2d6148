namespace Codius.Web.Visits;

/// <summary>Puts the room together.</summary>
internal static class VisitsRegistration
{
    public static WebApplicationBuilder AddVisits(this WebApplicationBuilder builder) => builder;
}
