using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// The JSON of manifests that were checked before: what the store keeps and what <c>GET /services</c> shows.
/// What comes from outside is read by <see cref="ManifestReader"/>, which names every fault.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AppSpec))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class ManifestJson : JsonSerializerContext;
