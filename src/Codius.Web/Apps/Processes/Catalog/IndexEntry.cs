using System.Text.Json;
using Codius.Web.Balances;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>One app in the index: the fields that the catalog needs.</summary>
internal sealed record IndexEntry(string Hash, string Image, string? Owner, string? MaxSpendPerHour)
{
    /// <summary>Null if the owner set nothing.</summary>
    public VisitSettings? Visits { get; init; }

    public AppPresentation? Presentation { get; init; }

    public AppAlertSettings? Alerts { get; init; }

    public static IndexEntry Of(StoredApp app) => new(
        app.Hash, app.Spec.Containers[0].Image, app.Owner?.ToString(), app.Annotations.GetValueOrDefault(AppAnnotations.MaxSpendPerHour))
    {
        Visits = VisitSettings.Of(app.Annotations) is var visits && visits != VisitSettings.None ? visits : null,
        Presentation = AppPresentation.Of(app.Annotations),
        Alerts = AppAlertSettings.Of(app.Annotations),
    };

    /// <exception cref="JsonException">It is not the entry of an app.</exception>
    public static IndexEntry Read(byte[] json) =>
        JsonSerializer.Deserialize(json, EntryJson.Default.IndexEntry) is { Hash: not null, Image: not null } entry
            ? entry : throw new JsonException("it names no hash or no image");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, EntryJson.Default.IndexEntry);

    public bool BelongsTo(AccountId? owner) => Owner == owner?.ToString();
}
