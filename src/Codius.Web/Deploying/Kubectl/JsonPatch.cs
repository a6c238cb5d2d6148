using System.Text.Json;
using System.Text.Json.Nodes;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>The patch of a mutating webhook (RFC 6902), without operations that would change nothing.</summary>
internal sealed class JsonPatch(JsonObject document)
{
    private readonly JsonArray _changes = [];

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Sets a member of the document, or of one of its objects (<paramref name="of"/>).</summary>
    public void Set(string? of, string member, JsonObject value)
    {
        var there = of is null ? document[member] : document[of]?[member];
        if (!JsonNode.DeepEquals(there, value)) Add(of is null ? $"/{member}" : $"/{of}/{member}", value);
    }

    public void Add(string path, JsonNode? value) => _changes.Add(new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = value });

    public void Remove(string member)
    {
        if (document.ContainsKey(member)) _changes.Add(new JsonObject { ["op"] = "remove", ["path"] = $"/{member}" });
    }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(_changes, AdmissionJson.Default.JsonArray);
}
