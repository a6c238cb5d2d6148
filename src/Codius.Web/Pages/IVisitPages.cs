using Codius.Web.Apps;

namespace Codius.Web.Pages;

/// <summary>
/// The pages that answer a navigation to an app instead of the app. Each call writes status, <c>no-store</c>, the security
/// headers and the page; headers the caller set before (<c>Link</c>, <c>Retry-After</c>, CORS) stay.
/// </summary>
internal interface IVisitPages
{
    /// <summary>402: what opening the app costs, the balance, and how to pay.</summary>
    Task WritePaymentRequiredAsync(HttpContext context, HostedApp app, ulong funds);

    /// <summary>503: the app is waking (or could not start, and why); opens the app once it is awake.</summary>
    Task WriteWakingAsync(HttpContext context, HostedApp app, AppState state);
}
