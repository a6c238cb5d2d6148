using System.Net;
using System.Runtime.CompilerServices;
using Codius.Web.Apps;
using Codius.Web.Hosting.Grpc;
using Codius.Web.Visits.Charging;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Codius.Web.Visits.Forwarding;

/// <summary>Streams the request to the app and the app's answer to the client, and determines the outcome.</summary>
internal sealed class ForwardingStep(
    IHttpForwarder forwarder, AppClient client, CookieDomains cookies, AnswerDeadlines deadlines, ILogger<ForwardingStep> log)
{
    // No activity timeout: a socket or an event stream may be idle for hours, and its end is noticed when it comes.
    private static readonly ForwarderRequestConfig Http1 = new()
    {
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    // gRPC needs HTTP/2 end to end; without TLS there is no negotiation, so the app is assumed to support it.
    private static readonly ForwarderRequestConfig Http2 = Http1 with { Version = HttpVersion.Version20 };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // every visit waits here for its app
    public async ValueTask<VisitOutcome> ForwardAsync(Visit visit)
    {
        var context = visit.Context;
        // The app decides how slow an upload may be, as it decides how large (Listeners): none of it is buffered here.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        ClientsEnd.EndsTheTunnel(context);

        using var deadline = deadlines.New();
        visit.Deadline = deadline;
        visit.BeginDelivery();
        deadline.Run();
        var config = GrpcRequests.IsGrpc(context.Request) ? Http2 : Http1;
        var error = await forwarder.SendAsync(
            context, ((AppState.Awake)visit.State).Prefix, client.Invoker, config, new AppTransformer(visit, cookies), deadline.Token);

        if (error == ForwarderError.None) return visit.Answer;
        return visit.Answer == VisitOutcome.None ? WithoutAnswer(visit, error) : WithBrokenAnswer(visit);
    }

    private VisitOutcome WithoutAnswer(Visit visit, ForwarderError error)
    {
        var context = visit.Context;
        var left = context.RequestAborted.IsCancellationRequested;
        if (error == ForwarderError.RequestCreation) return VisitOutcome.NotForwardable;
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        var noConnection = AppClient.IsConnectFailure(error, cause);
        if (noConnection || visit.Delivery != Delivery.Sent || AppClient.IsRefused(cause))
        {
            if (left) return VisitOutcome.ClientLeft;
            VisitsLog.NotDelivered(log, visit.App.Name, ((AppState.Awake)visit.State).Address, cause?.Message);
            return noConnection ? VisitOutcome.AppUnreachable : VisitOutcome.NotDelivered;
        }
        if (left || error == ForwarderError.RequestBodyClient)
        {
            VisitCharge.Commit(visit);
            return left ? VisitOutcome.ClientLeftApp : VisitOutcome.BadBody;
        }
        VisitCharge.Failed(visit);
        VisitsLog.AppBrokeOff(log, visit.App.Name, error, cause?.Message);
        if (visit.Deadline.HasPassed) return VisitOutcome.AnswerTimedOut;
        return AppClient.IsBadAnswer(error, cause) ? VisitOutcome.AnswerNotForwardable : VisitOutcome.AppBrokeOff;
    }

    /// <summary>The app sent its status line, so the charge is decided; the client gets a 502 if nothing was forwarded yet.</summary>
    private static VisitOutcome WithBrokenAnswer(Visit visit) =>
        visit.Context.Response.HasStarted || visit.Context.RequestAborted.IsCancellationRequested ? visit.Answer : VisitOutcome.AppBrokeOff;
}
