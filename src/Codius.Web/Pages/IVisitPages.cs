using Codius.Web.Apps;

namespace Codius.Web.Pages;

/// <summary>
/// The pages a navigation to an app can get instead of the app. Each call writes status, <c>no-store</c>, the security
/// headers and the page; headers the caller set before (<c>Link</c>, <c>Retry-After</c>, CORS) stay.
/// </summary>
internal interface IVisitPages
{
    /// <summary>402: what opening the app costs, what is there, and how to pay.</summary>
    Task WritePaymentRequiredAsync(HttpContext context, HostedApp app, ulong funds);

    /// <summary>503: the app is waking (or could not start, and why); lets the visitor in once it is awake.</summary>
    Task WriteWakingAsync(HttpContext context, HostedApp app, AppState state);
}
