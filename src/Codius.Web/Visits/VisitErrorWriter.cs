using System.Globalization;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages;
using Codius.Web.Pages.Paying;
using Codius.Web.Visits.Arrival;
using Codius.Web.Visits.Forwarding;

namespace Codius.Web.Visits;

/// <summary>Answers the visits that end without the app's own answer: a page for a person, a problem for a program.</summary>
internal sealed class VisitErrorWriter(
    IVisitPages pages, HostNames names, Prices hostsPrices, Asset asset, WireAsset wire, OfferedWays offered, StartMessages messages,
    TimeProvider time)
{
    public static bool IsError(Visit visit) => visit.Outcome switch
    {
        VisitOutcome.None or VisitOutcome.Answered or VisitOutcome.AppFailed => false,
        VisitOutcome.ClientLeft or VisitOutcome.ClientLeftApp => false,
        _ => !visit.Context.Response.HasStarted,
    };

    /// <summary>A preflight that no app has seen, or none can have answered.</summary>
    public static bool IsUnansweredPreflight(Visit visit) =>
        visit.Kind == VisitKind.Preflight && (visit.Delivery != Delivery.Sent || visit.Outcome == VisitOutcome.AppUnreachable);

    public Task WriteAsync(Visit visit)
    {
        var context = visit.Context;
        // The forwarder has already chosen 400, 408 or 413 by what is wrong with the body.
        var forwarderStatus = context.Response.StatusCode;
        context.Response.Clear();
        if (IsUnansweredPreflight(visit)) return Preflights.LetRequestComeAsync(context);
        ShowToOtherOrigins(context);
        if (visit.ServerTiming is { } timing) context.Response.Headers["Server-Timing"] = timing;
        switch (visit.Outcome)
        {
            case VisitOutcome.Blocked:
                return Problems.WriteAsync(context, Problem.AppBlocked(visit.App.BlockedWords ?? SteeringRules.UsualWords));
            case VisitOutcome.NotEnough:
                return PaymentRequiredAsync(visit);
            case VisitOutcome.ShownWaking:
                context.Response.Headers.RetryAfter = "1";
                return pages.WriteWakingAsync(context, visit.App, visit.State);
            case VisitOutcome.WakeFailed when visit.Kind == VisitKind.Navigation:
                return pages.WriteWakingAsync(context, visit.App, visit.State);
            case VisitOutcome.LeftAsleep when VisitKinds.IsIcon(context.Request.Path):
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            case VisitOutcome.BadBody:
                return Problems.WriteAsync(context, VisitProblems.BadBody(forwarderStatus));
            case VisitOutcome.WakeFailed:
                var failed = (AppState.Failed)visit.State;
                return Problems.WriteAsync(context,
                    VisitProblems.WakeFailed(failed, messages.AfterFailure(failed), time.GetUtcNow()));
            case VisitOutcome.WakeTimedOut:
                return Problems.WriteAsync(context, VisitProblems.WakeTimedOut(visit.State));
            default:
                return Problems.WriteAsync(context, VisitProblems.Of(visit.Outcome, visit.RetryAfter));
        }
    }

    private Task PaymentRequiredAsync(Visit visit)
    {
        var (context, app) = (visit.Context, visit.App);
        var walletAddress = names.WalletAddressOf(app.Name);
        var funds = visit.Funds ?? visit.Reservation?.Funds ?? 0;
        if (offered.ShowsWalletAddress) context.Response.Headers.Link = $"<{walletAddress}>; rel=\"payment\"";
        if (visit.Kind == VisitKind.Navigation) return pages.WritePaymentRequiredAsync(context, app, funds);
        var payment = new Dictionary<string, object?> { ["paymentPointer"] = names.PaymentPointerOf(app.Name) };
        if (offered.ShowsWalletAddress) payment["walletAddress"] = walletAddress;
        var prices = hostsPrices.For(app);
        payment["price"] = prices.PerRequest.ToString(CultureInfo.InvariantCulture);
        payment["openAt"] = wire.ToWireUp(prices.OpenAt).ToString(CultureInfo.InvariantCulture);
        payment["balance"] = funds.ToString(CultureInfo.InvariantCulture);
        payment["balanceScale"] = asset.Scale;
        payment["assetCode"] = wire.Code;
        payment["assetScale"] = wire.Scale;
        return Problems.WriteAsync(context, VisitProblems.PaymentRequired with { Extensions = payment });
    }

    /// <summary>
    /// Lets a page of another origin that calls the app read why it was refused, with or without credentials: the answer is the same
    /// for every client. (The app's own answers carry their own CORS headers.)
    /// </summary>
    private static void ShowToOtherOrigins(HttpContext context)
    {
        // Only the app knows what it allows other origins.
        if (!HttpMethods.IsOptions(context.Request.Method)) RequestOrigin.Show(context, "Link, Retry-After, Server-Timing");
    }
}
