using System.Globalization;
using System.Text.Json;
using OpenPayments.Net.Requests;

namespace OpenPayments.Net.Paying;

/// <summary>Reads members of another server's JSON; null for what is missing or malformed.</summary>
internal static class Json
{
    private const int MaxText = 1024;

    /// <summary>A body's JSON; undefined if it is none.</summary>
    public static async Task<JsonElement> ReadAsync(HttpContent body, CancellationToken cancellation)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(await body.ReadAsStreamAsync(cancellation), default, cancellation);
            return UnicodeText.IsIn(json.RootElement) ? json.RootElement.Clone() : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    public static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= MaxText } text
            ? text
            : null;

    public static Uri? Url(JsonElement json, string name) =>
        Text(json, name) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme is "https" or "http")
            && url.UserInfo.Length == 0
            ? url
            : null;

    public static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) ? value : null;

    /// <summary>The value of an access token; what does not fit into a header is none.</summary>
    public static string? Token(JsonElement token) =>
        Text(token, "value") is { } value && value.All(character => character is > ' ' and <= '~') ? value : null;

    public static ulong? Amount(JsonElement json, string name) =>
        Member(json, name) is { } amount && Text(amount, "value") is { } text
            && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            ? units
            : null;
}
