using Codius.Web.Hosting.Rates;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>The endpoints that a Kubernetes API server calls; on the webhooks port alone.</summary>
internal static class WebhookEndpoints
{
    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        var webhooks = endpoints.MapGroup("")
            .WithoutRate("only the API server, known by its certificate, reaches this port, and it speaks for all users of the cluster");
        webhooks.MapPost("/token", context => Of<TokenReviewEndpoint>(context).HandleAsync(context));
        webhooks.MapPost("/mutate-core-codius-org-v1alpha1-service", context => Of<AdmissionEndpoints>(context).MutateAsync(context));
        webhooks.MapPost("/validate-core-codius-org-v1alpha1-service", context => Of<AdmissionEndpoints>(context).ValidateAsync(context));
        return endpoints;
    }

    private static T Of<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}
