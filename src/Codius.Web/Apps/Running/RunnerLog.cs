namespace Codius.Web.Apps.Running;

/// <summary>The log messages that all runners share.</summary>
internal static partial class RunnerLog
{
    [LoggerMessage(LogLevel.Information, "App {App} wakes")]
    public static partial void Waking(ILogger log, string app);

    [LoggerMessage(LogLevel.Information, "App {App} goes to sleep")]
    public static partial void Slept(ILogger log, string app);

    [LoggerMessage(LogLevel.Warning, "App {App} could not start: {Reason}")]
    public static partial void Failed(ILogger log, string app, string reason);
}
