using System.Globalization;
using System.Text.Json;

namespace Interledger.Net.Tests.Vectors;

/// <summary>One case of a vector file, with its fields read as the kinds the files use: hexadecimal bytes, decimal strings, text.</summary>
public sealed record Vector(string File, string Section, int Index, JsonElement Json)
{
    public string Name => Json.TryGetProperty("name", out var name) ? name.GetString()! : $"#{Index}";

    /// <summary>The JavaScript library's result for malformed input.</summary>
    public bool JavaScriptTakesIt => Json.GetProperty("js").TryGetProperty("ok", out _);

    public byte[] Bytes(string field) => Convert.FromHexString(Text(field));

    public ulong Number(string field) => NumberOf(Json.GetProperty(field));

    public string Text(string field) => Json.GetProperty(field).GetString()!;

    public DateTimeOffset Time(string field) => DateTimeOffset.Parse(Text(field), CultureInfo.InvariantCulture);

    public bool Has(string field) => Json.TryGetProperty(field, out _);

    public static ulong NumberOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
            ? value.GetUInt64()
            : ulong.Parse(value.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    public override string ToString() => $"{File} {Section} {Index} {Name}";
}
