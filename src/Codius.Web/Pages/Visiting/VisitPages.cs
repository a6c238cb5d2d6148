using Codius.Web.Apps;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Visiting;

/// <summary>Writes the pages that answer a navigation instead of the app.</summary>
internal sealed class VisitPages(RazorPage page, PaymentModels payments, WakeTimes wakes, StartMessages messages) : IVisitPages
{
    public Task WritePaymentRequiredAsync(HttpContext context, HostedApp app, ulong funds) =>
        page.WriteAsync<PaymentPage>(context, StatusCodes.Status402PaymentRequired, new Dictionary<string, object?>
        {
            ["Model"] = payments.OfVisit(context.Request, app, funds),
        });

    public Task WriteWakingAsync(HttpContext context, HostedApp app, AppState state)
    {
        var intro = AppIntroModel.Of(app);
        var failure = state as AppState.Failed;
        return page.WriteAsync<Waking>(context, StatusCodes.Status503ServiceUnavailable, new Dictionary<string, object?>
        {
            ["App"] = intro.Called,
            ["Intro"] = intro,
            ["Wait"] = wakes.Of(app.Name),
            ["Failure"] = failure?.Reason,
            ["Cost"] = failure is null ? messages.Waiting : messages.AfterFailure(failure),
            ["Detail"] = (state as AppState.WakingState)?.Detail,
            ["Retry"] = failure?.RetryAt is { } at
                ? $"The host tries again with the first visit after {at.UtcDateTime:HH:mm:ss} UTC." : null,
            ["Reloadable"] = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method),
        });
    }
}
