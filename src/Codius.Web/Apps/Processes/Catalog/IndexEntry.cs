using System.Text.Json;
using Codius.Web.Balances;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>One app as the catalog needs it.</summary>
internal sealed record IndexEntry(string Hash, string Image, string? Owner, string? MaxSpendPerHour)
{
    public static IndexEntry Of(StoredApp app) => new(
        app.Hash, app.Spec.Containers[0].Image, app.Owner?.ToString(), app.Annotations.GetValueOrDefault(AppAnnotations.MaxSpendPerHour));

    public static IndexEntry Read(byte[] json) => JsonSerializer.Deserialize(json, EntryJson.Default.IndexEntry)
        ?? throw new JsonException("an app's index entry is null");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, EntryJson.Default.IndexEntry);

    public bool BelongsTo(AccountId? owner) => Owner == owner?.ToString();
}
