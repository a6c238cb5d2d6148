using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Web.Admin.Access;

/// <summary>A token that an admin made for another; of the token itself only the hash is kept.</summary>
/// <param name="Name">Its name, which nothing else has.</param>
/// <param name="Hash">SHA-256 of the token, in base64.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="MadeBy">The name of the token that made it.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record NamedToken(
    string Name, string Hash, IReadOnlyList<AdminScope> Scopes, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset ExpiresAt);

/// <summary>The JSON of what the owner's API stores.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(NamedToken))]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AdminJson : JsonSerializerContext;
