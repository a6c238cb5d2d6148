using System.Text.Json;
using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>
/// The two admission webhooks; the API server calls them in this order, and rejects the change if it cannot reach them.
/// </summary>
internal sealed class AdmissionEndpoints(Mutation mutation, Validation validation)
{
    // Twice the largest object etcd stores, and the envelope.
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly Problem NotAReview = new(400, "not-an-admission-review", "This is not an AdmissionReview",
        "Only a Kubernetes API server asks here, with an AdmissionReview of admission.k8s.io/v1.");

    public Task MutateAsync(HttpContext context) => AnswerAsync(context, request => ValueTask.FromResult(mutation.Answer(request)));

    public Task ValidateAsync(HttpContext context) =>
        AnswerAsync(context, request => validation.AnswerAsync(request, context.RequestAborted));

    private static async Task AnswerAsync(HttpContext context, Func<AdmissionRequest, ValueTask<AdmissionResponse>> answer)
    {
        if (await ReadAsync(context) is not { Request: { Uid: not null } request } review)
        {
            await Problems.WriteAsync(context, NotAReview);
            return;
        }
        // Only the host writes the status; the cluster's RBAC enforces that.
        var response = string.IsNullOrEmpty(request.SubResource) ? await answer(request) : new AdmissionResponse(request.Uid, true);
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body,
            new AdmissionReview(review.ApiVersion, "AdmissionReview", Response: response), AdmissionJson.Default.AdmissionReview,
            context.RequestAborted);
    }

    private static async ValueTask<AdmissionReview?> ReadAsync(HttpContext context)
    {
        if (await BoundedBody.ReadAsync(context.Request, MaxBytes, context.RequestAborted) is not { } body) return null;
        try
        {
            return JsonSerializer.Deserialize(body.Span, AdmissionJson.Default.AdmissionReview);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
