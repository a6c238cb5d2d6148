using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Apps.Steering;

/// <summary>
/// One name in the store: its version, its last request to sleep, and the rest as JSON, separated by spaces, so that scripts read the
/// numbers and leave the rest as it is.
/// </summary>
internal sealed record SteeringEntry(ulong? PricePerRequest, ulong? MaxSpendPerHour, string? BlockedWords)
{
    /// <summary>Null if it cannot be read.</summary>
    public static AppSteering? Read(string? text)
    {
        if (!TryReadNumbers(text, out var number, out var request, out var json)) return null;
        try
        {
            return JsonSerializer.Deserialize(json, SteeringJson.Default.SteeringEntry) is { } entry
                ? new AppSteering(entry.PricePerRequest, entry.MaxSpendPerHour, entry.BlockedWords, number) { SleepRequest = request }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The version of an entry whose rest may not be readable, as the scripts find it; 0 for none.</summary>
    public static long VersionOf(string text) => TryReadNumbers(text, out var version, out _, out _) ? version : 0;

    public static string Write(AppSteering steering) => JsonSerializer.Serialize(
        new SteeringEntry(steering.PricePerRequest, steering.MaxSpendPerHour, steering.BlockedWords), SteeringJson.Default.SteeringEntry);

    private static bool TryReadNumbers(string? text, out long version, out long sleep, out string rest)
    {
        (version, sleep, rest) = (0, 0, "");
        if (text?.Split(' ', 3) is not [var first, var second, var third]) return false;
        rest = third;
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out version)
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out sleep);
    }
}

/// <summary>The JSON of <see cref="SteeringEntry"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SteeringEntry))]
internal sealed partial class SteeringJson : JsonSerializerContext;
