using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>Denials of a change, in the form kubectl shows.</summary>
internal static class AdmissionDenials
{
    public static AdmissionResponse Deny(AdmissionRequest request, int code, string reason, string message) =>
        new(request.Uid, false, new AdmissionStatus(code, reason, message));

    public static AdmissionResponse Deny(AdmissionRequest request, Problem problem) =>
        Deny(request, problem.Status == 400 ? 422 : problem.Status, Reason(problem.Status), problem.Detail);

    private static string Reason(int status) => status switch
    {
        400 => "Invalid",
        402 => "PaymentRequired",
        403 => "Forbidden",
        409 => "AlreadyExists",
        413 => "RequestEntityTooLarge",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "BadRequest",
    };
}
