using System.Globalization;

namespace Codius.Web.Apps;

/// <summary>What an app's owner set about its visits, in annotations; the host's settings hold for what is null.</summary>
/// <param name="RequestsPerSecond">Requests a second that one client may make, in the long run.</param>
/// <param name="RequestBurst">Requests that one client may make at once, after a rest.</param>
/// <param name="DoNotWake">Requests that do not wake the app, in the form of <see cref="DoNotWakeEntries"/>.</param>
internal sealed record VisitSettings(int? RequestsPerSecond = null, int? RequestBurst = null, string? DoNotWake = null)
{
    public static VisitSettings None { get; } = new();

    /// <summary>Reads annotations that were validated when the app was deployed; one that is invalid all the same is ignored.</summary>
    public static VisitSettings Of(IReadOnlyDictionary<string, string> annotations)
    {
        annotations.TryGetValue(AppAnnotations.DoNotWake, out var doNotWake);
        return new VisitSettings(
            Number(annotations, AppAnnotations.RequestsPerSecond), Number(annotations, AppAnnotations.RequestBurst),
            doNotWake is not null && DoNotWakeEntries.Fault(doNotWake) is null ? doNotWake : null);
    }

    /// <summary>A whole number of at least 1.</summary>
    public static bool TryParse(string? text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    private static int? Number(IReadOnlyDictionary<string, string> annotations, string name) =>
        annotations.TryGetValue(name, out var text) && TryParse(text, out var number) ? number : null;
}
