namespace Codius.Web.Hosting.Settings;

/// <summary>A setting or a section that was renamed. It would be ignored, so using it is a fault.</summary>
internal sealed record RetiredSetting(string Key, string Now)
{
    /// <summary>The current key for an old one; null if the key is not renamed by this.</summary>
    public string? KeyFor(string key) =>
        key.StartsWith(Key, StringComparison.OrdinalIgnoreCase) && (key.Length == Key.Length || key[Key.Length] == ':')
            ? Now + key[Key.Length..]
            : null;
}
