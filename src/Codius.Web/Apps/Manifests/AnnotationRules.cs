using Codius.Web.Hosting;

namespace Codius.Web.Apps.Manifests;

/// <summary>The settings an owner may make in annotations, beside the manifest itself.</summary>
internal static class AnnotationRules
{
    /// <summary>Checks the annotations of a <c>PUT</c>, where only known ones are allowed.</summary>
    public static IEnumerable<ValidationError> Check(string path, IReadOnlyDictionary<string, string> annotations, Asset asset)
    {
        foreach (var fault in PresentationRules.Check(path, annotations)) yield return fault;
        foreach (var fault in AlertAnnotationRules.Check(path, annotations)) yield return fault;
        foreach (var name in annotations.Keys)
        {
            if (!AppAnnotations.SetByOwner.Contains(name))
                yield return new ValidationError($"{path}.{name}",
                    $"is not an annotation that is set by its owner; there are {string.Join(", ", AppAnnotations.SetByOwner)}");
            else if (name == AppAnnotations.MaxSpendPerHour && CheckCap(path, annotations, asset) is { } fault)
                yield return fault;
        }
    }

    /// <summary>Checks the owner's cap alone: a custom resource may carry any other annotation.</summary>
    public static ValidationError? CheckCap(string path, IReadOnlyDictionary<string, string> annotations, Asset asset) =>
        annotations.TryGetValue(AppAnnotations.MaxSpendPerHour, out var cap)
            && (cap.Length > ManifestLimits.MaxNumberLength || !asset.TryParse(cap, out _))
            ? new ValidationError($"{path}.{AppAnnotations.MaxSpendPerHour}",
                $"'{Short(cap)}' is not an amount of {asset.Code} with at most {asset.Scale} digits behind the point") : null;

    /// <summary>A text from outside as a message quotes it.</summary>
    public static string Short(string text) =>
        text.Length > ManifestLimits.MaxNumberLength ? text[..ManifestLimits.MaxNumberLength] + "..." : text;
}
