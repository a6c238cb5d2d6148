using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps;

/// <summary>How an app is presented on the host's pages, as its owner wrote it in annotations; what is left out is null.</summary>
internal sealed record AppPresentation(string? Title, string? Description, string? Icon)
{
    /// <summary>
    /// Reads annotations; null if they present nothing. What is not valid counts as left out: a cluster's people may write any.
    /// </summary>
    public static AppPresentation? Of(IReadOnlyDictionary<string, string> annotations)
    {
        var read = new AppPresentation(
            Valid(annotations, AppAnnotations.Title),
            Valid(annotations, AppAnnotations.Description),
            Valid(annotations, AppAnnotations.Icon));
        return read is { Title: null, Description: null, Icon: null } ? null : read;
    }

    private static string? Valid(IReadOnlyDictionary<string, string> annotations, string name) =>
        annotations.TryGetValue(name, out var value) && PresentationRules.FaultOf(name, value) is null ? value : null;
}
