using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>The JSON of apps in Redis.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(IndexEntry))]
[JsonSerializable(typeof(ManifestEntry))]
internal sealed partial class EntryJson : JsonSerializerContext;
