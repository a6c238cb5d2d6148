using Codius.Web.Deploying.Kubectl;
using Codius.Web.Deploying.Paying;
using Codius.Web.Deploying.Services;
using Codius.Web.Deploying.Unpaid;

namespace Codius.Web.Deploying;

/// <summary>Registers the services API, the webhooks and the payment of deploys.</summary>
internal static class DeployingRegistration
{
    public static WebApplicationBuilder AddDeploying(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DeployProblems>().AddSingleton<DeployRate>();
        services.AddSingleton<DeployPrice>().AddSingleton<DeployFunds>().AddSingleton<DeployReservations>()
            .AddHostedService<DeployCommits>();
        services.AddSingleton<UnpaidDays>().AddSingleton<UnpaidTurn>().AddSingleton<UnpaidApps>().AddHostedService<UnpaidAppsWatch>();
        services.AddSingleton<ManifestBody>().AddSingleton<PutService>().AddSingleton<GetService>().AddSingleton<DeleteService>();
        services.AddSingleton<TokenReviewEndpoint>().AddSingleton<Mutation>().AddSingleton<Validation>().AddSingleton<AdmissionEndpoints>();
        return builder;
    }
}
