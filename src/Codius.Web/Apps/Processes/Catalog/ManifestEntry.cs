using System.Text.Json;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>One accepted manifest in Redis.</summary>
internal sealed record ManifestEntry(
    string Hash, AppSpec Spec, IReadOnlyDictionary<string, string>? SecretData, string? Owner,
    IReadOnlyDictionary<string, string> Annotations, DateTimeOffset CreatedAt)
{
    public static ManifestEntry Of(StoredApp app) =>
        new(app.Hash, app.Spec, app.SecretData, app.Owner?.ToString(), app.Annotations, app.CreatedAt);

    public static StoredApp Read(string name, byte[] json)
    {
        var entry = JsonSerializer.Deserialize(json, EntryJson.Default.ManifestEntry)
            ?? throw new JsonException($"the manifest of {name} is null");
        AccountId? owner = AccountId.TryParse(entry.Owner, out var id) ? id : null;
        return new StoredApp(name, entry.Hash, entry.Spec, entry.SecretData, owner, entry.Annotations) { CreatedAt = entry.CreatedAt };
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, EntryJson.Default.ManifestEntry);

    // Secrets never come out by accident.
    public override string ToString() => $"{nameof(ManifestEntry)} {Hash}";
}
