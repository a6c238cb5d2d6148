namespace Codius.Web.Apps.Processes.Running;

/// <summary>What the process runner tells.</summary>
internal static partial class RunnerLog
{
    [LoggerMessage(LogLevel.Information, "App {App} wakes")]
    public static partial void Waking(ILogger log, string app);

    [LoggerMessage(LogLevel.Information, "App {App} goes to sleep")]
    public static partial void Slept(ILogger log, string app);

    [LoggerMessage(LogLevel.Warning, "App {App} died and is started again: {Reason}")]
    public static partial void Died(ILogger log, string app, string reason);

    [LoggerMessage(LogLevel.Warning, "App {App} could not start: {Reason}")]
    public static partial void Failed(ILogger log, string app, string reason);

    [LoggerMessage(LogLevel.Information, "{App}: {Line}")]
    public static partial void Output(ILogger log, string app, string line);

    [LoggerMessage(LogLevel.Warning, "Ended {Count} processes that an earlier gateway left behind")]
    public static partial void EndedOrphans(ILogger log, int count);
}
