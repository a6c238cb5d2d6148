namespace Codius.Web.Sleeping;

/// <summary>Puts the room together.</summary>
internal static class SleepingRegistration
{
    public static WebApplicationBuilder AddSleeping(this WebApplicationBuilder builder) => builder;
}
