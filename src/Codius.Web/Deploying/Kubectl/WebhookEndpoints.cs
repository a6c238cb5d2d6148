namespace Codius.Web.Deploying.Kubectl;

/// <summary>The endpoints that a Kubernetes API server calls; on the webhooks port alone.</summary>
internal static class WebhookEndpoints
{
    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/token", context => Of<TokenReviewEndpoint>(context).HandleAsync(context));
        endpoints.MapPost("/mutate-core-codius-org-v1alpha1-service", context => Of<AdmissionEndpoints>(context).MutateAsync(context));
        endpoints.MapPost("/validate-core-codius-org-v1alpha1-service", context => Of<AdmissionEndpoints>(context).ValidateAsync(context));
        return endpoints;
    }

    private static T Of<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}
