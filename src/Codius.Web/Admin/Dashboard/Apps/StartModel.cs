using System.Globalization;
using Codius.Web.Apps.Starts;

namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary>One start of an app.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Text">How, such as "Woke in 3.2 s".</param>
/// <param name="Reason">Why it failed; null for a start that succeeded.</param>
public sealed record StartModel(DateTimeOffset At, string Text, string? Reason)
{
    internal static StartModel Of(StartRecord start)
    {
        var text = start.Succeeded ? "Woke" : "Failed";
        if (start.Milliseconds is { } took)
        {
            var word = start.Succeeded ? "in" : "after";
            text += string.Create(CultureInfo.InvariantCulture, $" {word} {took / 1000d:0.0} s");
        }
        return new StartModel(start.At, text, start.Reason);
    }
}
