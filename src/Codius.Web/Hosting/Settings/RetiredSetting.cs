namespace Codius.Web.Hosting.Settings;

/// <summary>A setting or a section that has another key now. It would be ignored, so it is a fault.</summary>
internal sealed record RetiredSetting(string Key, string Now)
{
    /// <summary>The key of today for this one; null if it is none of these.</summary>
    public string? KeyFor(string key) =>
        key.StartsWith(Key, StringComparison.OrdinalIgnoreCase) && (key.Length == Key.Length || key[Key.Length] == ':')
            ? Now + key[Key.Length..]
            : null;
}
