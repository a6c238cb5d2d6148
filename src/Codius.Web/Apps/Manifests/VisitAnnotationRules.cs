using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Manifests;

/// <summary>Validates what an owner sets about the visits of an app, within the host's bounds.</summary>
internal sealed class VisitAnnotationRules(IOptions<AppOptions> apps)
{
    /// <summary>Checks the annotations of <see cref="VisitSettings"/> and ignores the others.</summary>
    public IEnumerable<ValidationError> Check(string path, IReadOnlyDictionary<string, string> annotations)
    {
        (string Name, Func<string, string?> Fault)[] rules =
        [
            (AppAnnotations.RequestsPerSecond, text => NumberFault(text, apps.Value.MaxRequestsPerSecond)),
            (AppAnnotations.RequestBurst, text => NumberFault(text, apps.Value.MaxRequestBurst)),
            (AppAnnotations.DoNotWake, DoNotWakeEntries.Fault),
        ];
        foreach (var (name, faultOf) in rules)
        {
            if (annotations.TryGetValue(name, out var text) && faultOf(text) is { } fault)
                yield return new ValidationError($"{path}.{name}", fault);
        }
    }

    private static string? NumberFault(string text, int most) =>
        text.Length <= ManifestLimits.MaxNumberLength && VisitSettings.TryParse(text, out var number) && number <= most ? null
            : $"'{AnnotationRules.Short(text)}' is not a whole number from 1 to {most}, which is the most that this host allows";
}
