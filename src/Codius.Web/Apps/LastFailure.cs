using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Apps;

/// <summary>Why an app last could not start, for its owner alone.</summary>
/// <param name="At">When that was.</param>
/// <param name="Reason">The reason, as visitors read it.</param>
/// <param name="Output">The last lines of the app's output; null if there are none.</param>
internal sealed record LastFailure(DateTimeOffset At, string Reason, string? Output);

/// <summary>Its JSON, before it is sealed.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LastFailure))]
internal sealed partial class LastFailureJson : JsonSerializerContext;
