namespace Codius.Web.Deploying;

/// <summary>Puts the room together.</summary>
internal static class DeployingRegistration
{
    public static WebApplicationBuilder AddDeploying(this WebApplicationBuilder builder) => builder;
}
