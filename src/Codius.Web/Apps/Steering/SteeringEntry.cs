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
        if (text?.Split(' ', 3) is not [var version, var sleep, var json]
            || !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(sleep, NumberStyles.None, CultureInfo.InvariantCulture, out var request)) return null;
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

    public static string Write(AppSteering steering) => JsonSerializer.Serialize(
        new SteeringEntry(steering.PricePerRequest, steering.MaxSpendPerHour, steering.BlockedWords), SteeringJson.Default.SteeringEntry);
}

/// <summary>The JSON of <see cref="SteeringEntry"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SteeringEntry))]
internal sealed partial class SteeringJson : JsonSerializerContext;
