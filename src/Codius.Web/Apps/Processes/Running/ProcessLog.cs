namespace Codius.Web.Apps.Processes.Running;

/// <summary>The log messages of the process engine.</summary>
internal static partial class ProcessLog
{
    [LoggerMessage(LogLevel.Warning, "App {App} died and is started again: {Reason}")]
    public static partial void Died(ILogger log, string app, string reason);

    [LoggerMessage(LogLevel.Information, "{App}: {Line}")]
    public static partial void Output(ILogger log, string app, string line);

    [LoggerMessage(LogLevel.Warning, "Ended {Count} processes that an earlier gateway left behind")]
    public static partial void EndedOrphans(ILogger log, int count);
}
