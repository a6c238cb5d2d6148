using Codius.Web.Deploying.Kubectl;
using Codius.Web.Deploying.Paying;
using Codius.Web.Deploying.Services;

namespace Codius.Web.Deploying;

/// <summary>Puts the room together.</summary>
internal static class DeployingRegistration
{
    public static WebApplicationBuilder AddDeploying(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DeployProblems>();
        services.AddSingleton<DeployFunds>().AddSingleton<DeployReservations>().AddHostedService<DeployCommits>();
        services.AddSingleton<ManifestBody>().AddSingleton<PutService>().AddSingleton<GetService>().AddSingleton<DeleteService>();
        services.AddSingleton<TokenReviewEndpoint>().AddSingleton<Mutation>().AddSingleton<Validation>().AddSingleton<AdmissionEndpoints>();
        return builder;
    }
}
