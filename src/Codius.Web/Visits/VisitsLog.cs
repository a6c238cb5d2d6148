using Yarp.ReverseProxy.Forwarder;

namespace Codius.Web.Visits;

/// <summary>What an owner of the host may want to read about single visits; how all of them end is counted, not logged.</summary>
internal static partial class VisitsLog
{
    [LoggerMessage(LogLevel.Warning, "App {App} is said to be awake at {Address}, but cannot be reached: {Cause}")]
    public static partial void AppUnreachable(ILogger log, string app, Uri address, string? cause);

    [LoggerMessage(LogLevel.Information, "App {App} took a request and broke off ({Error}): {Cause}")]
    public static partial void AppBrokeOff(ILogger log, string app, ForwarderError error, string? cause);
}
