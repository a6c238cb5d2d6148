namespace Codius.Web.Apps.Running;

/// <summary>What every runner logs of its apps.</summary>
internal static partial class RunnerLog
{
    [LoggerMessage(LogLevel.Information, "App {App} wakes")]
    public static partial void Waking(ILogger log, string app);

    [LoggerMessage(LogLevel.Information, "App {App} goes to sleep")]
    public static partial void Slept(ILogger log, string app);

    [LoggerMessage(LogLevel.Warning, "App {App} could not start: {Reason}")]
    public static partial void Failed(ILogger log, string app, string reason);
}
