using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Apps.Starts;

/// <summary>How one start of an app ended.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Cause">Who can mend it; null for a start that succeeded.</param>
/// <param name="Reason">Why it failed, as visitors read it; null for a start that succeeded.</param>
/// <param name="Milliseconds">How long it took; null if this gateway did not see it begin.</param>
internal sealed record StartRecord(DateTimeOffset At, FailureCause? Cause, string? Reason, long? Milliseconds)
{
    public bool Succeeded => Reason is null;
}

/// <summary>Its JSON in the store.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(StartRecord))]
internal sealed partial class StartRecordJson : JsonSerializerContext;
