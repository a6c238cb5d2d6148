namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>How well something is, as the dashboard's classes and signs are called.</summary>
internal static class Level
{
    public const string Good = "good";
    public const string Warn = "warn";
    public const string Bad = "bad";

    /// <summary>Of a state of health.</summary>
    public static string Of(string state) => state switch
    {
        "good" => Good,
        "degraded" => Warn,
        _ => Bad,
    };

    /// <summary>The same as a word, for readers who do not see the sign.</summary>
    public static string InWords(string level) => level switch
    {
        Good => "well",
        Warn => "degraded",
        _ => "failed",
    };
}
