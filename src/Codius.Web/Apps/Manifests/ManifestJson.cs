using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// The JSON of validated manifests, as the store keeps it and <c>GET /services</c> returns it.
/// Input from outside is parsed by <see cref="ManifestReader"/>, which reports every fault.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AppSpec))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class ManifestJson : JsonSerializerContext;
