using System.Globalization;
using Codius.Web.Hosting;

namespace Codius.Web.Apps.Manifests;

/// <summary>Validates what a developer sets about alerts of an app.</summary>
internal static class AlertAnnotationRules
{
    private const int MaxUrl = 500;

    /// <summary>A year.</summary>
    private const int MaxHours = 8_760;

    public static IReadOnlyList<string> Names { get; } =
        [AppAnnotations.AlertWebhook, AppAnnotations.AlertBalanceBelow, AppAnnotations.AlertHoursLeft];

    /// <summary>Checks the annotations of <see cref="AppAlertSettings"/> and ignores the others.</summary>
    public static IEnumerable<ValidationError> Check(string path, IReadOnlyDictionary<string, string> annotations)
    {
        foreach (var name in Names)
        {
            if (!annotations.TryGetValue(name, out var value)) continue;
            if (FaultOf(name, value) is { } fault) yield return new ValidationError($"{path}.{name}", fault);
            else if (!annotations.ContainsKey(AppAnnotations.AlertWebhook))
                yield return new ValidationError($"{path}.{name}", $"needs {AppAnnotations.AlertWebhook}, where the alert is sent");
        }
    }

    /// <summary>The fault of one of the annotations; null for none.</summary>
    public static string? FaultOf(string name, string value) => name switch
    {
        AppAnnotations.AlertWebhook => FaultOfUrl(value),
        AppAnnotations.AlertBalanceBelow => FaultOfNumber(value, Asset.MaxAmount, "units"),
        _ => FaultOfNumber(value, MaxHours, "hours"),
    };

    // The name alone is judged here, whatever it resolves to now: the address is checked on each connection.
    private static string? FaultOfUrl(string text)
    {
        if (text.Length > MaxUrl) return $"must have at most {MaxUrl} characters";
        return text.All(character => character is > ' ' and < '\x7f') && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort
            && url.HostNameType == UriHostNameType.Dns && IsPublicName(url.IdnHost)
            && url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? null : "must be an https URL on port 443 with a public name as its host, without a user, a password or a fragment";
    }

    private static bool IsPublicName(string host)
    {
        var labels = host.TrimEnd('.').Split('.');
        return labels.Length > 1 && labels[^1] is not ("localhost" or "local" or "internal" or "svc" or "home" or "lan")
            && !labels.Contains("");
    }

    private static string? FaultOfNumber(string text, ulong most, string what) =>
        text.Length <= ManifestLimits.MaxNumberLength
            && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
            ? null : $"'{AnnotationRules.Short(text)}' is not a whole number of {what} from 1 to {most}";
}
