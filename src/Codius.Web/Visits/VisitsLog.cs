using Yarp.ReverseProxy.Forwarder;

namespace Codius.Web.Visits;

/// <summary>What the host's owner may want to know about single visits; outcomes are counted, not logged.</summary>
internal static partial class VisitsLog
{
    [LoggerMessage(LogLevel.Warning, "A request did not reach app {App}, which should be awake at {Address}: {Cause}")]
    public static partial void NotDelivered(ILogger log, string app, Uri address, string? cause);

    [LoggerMessage(LogLevel.Information, "App {App} received a request and did not answer it completely ({Error}): {Cause}")]
    public static partial void AppBrokeOff(ILogger log, string app, ForwarderError error, string? cause);
}
