using Codius.Web.Hosting;

namespace Codius.Web.Admin.Actions;

/// <summary>What became of an action on an app.</summary>
/// <param name="Problem">Why it was not done; null if it was.</param>
/// <param name="Text">What was done, for people; empty if it was not.</param>
internal sealed record AppActionResult(Problem? Problem, string Text)
{
    /// <summary>For the audit log.</summary>
    public string Outcome => Problem switch
    {
        null => "done",
        { Status: >= 500 } unknown => "not known: " + unknown.Code,
        var refusal => "refused: " + refusal.Code,
    };

    public static AppActionResult Done(string text) => new(null, text);

    public static AppActionResult Refused(Problem problem) => new(problem, "");
}
