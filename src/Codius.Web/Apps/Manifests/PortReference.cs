using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Apps.Manifests;

/// <summary>A port by number or by name: Kubernetes' IntOrString.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct PortReference(int Number, string? Name = null)
{
    internal sealed class Converter : JsonConverter<PortReference>
    {
        public override PortReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? new PortReference(0, reader.GetString()) : new PortReference(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, PortReference value, JsonSerializerOptions options)
        {
            if (value.Name is null) writer.WriteNumberValue(value.Number);
            else writer.WriteStringValue(value.Name);
        }
    }
}
