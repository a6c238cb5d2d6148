using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Codius.Shared;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// Keeps <c>secretData</c> out of etcd in clear: all of it becomes one value under one key, encrypted (AES-256-GCM) with a
/// key from the host's secret and bound to the app's name and owner, so that it opens nowhere else.
/// </summary>
/// <remarks>
/// The same data seals to the same text, so that applying a manifest again changes nothing. One value for all keys, because
/// kubectl cannot remove a key that is not in its last-applied annotation: clear keys replace the sealed value.
/// </remarks>
internal sealed class SecretSeal(HostSecrets secrets)
{
    /// <summary>The key of the sealed value; no secret of a manifest can have this name.</summary>
    public const string Key = "codius.org/sealed";

    public static bool IsSealed(IReadOnlyDictionary<string, string>? secretData) =>
        secretData is { Count: 1 } && secretData.ContainsKey(Key);

    public IReadOnlyDictionary<string, string> Seal(string name, AccountId? owner, IReadOnlyDictionary<string, string> secretData)
    {
        var sorted = new SortedDictionary<string, string>(secretData.ToDictionary(), StringComparer.Ordinal);
        var clear = JsonSerializer.SerializeToUtf8Bytes(sorted, ManifestJson.Default.SortedDictionaryStringString);
        var bound = Bound(name, owner);
        // Derived from the clear text: two different texts never share a nonce.
        byte[] text = [.. SHA256.HashData(bound), .. clear];
        var nonce = HMACSHA256.HashData(secrets.Current.Derive("secret data nonce"), text).AsSpan(0, AesGcmSeal.NonceLength);
        var box = AesGcmSeal.Seal(KeyOf(secrets.Current), nonce, clear, bound);
        return new Dictionary<string, string>(StringComparer.Ordinal) { [Key] = Convert.ToBase64String(box) };
    }

    /// <summary>
    /// Opens what <see cref="Seal"/> made for this app; false if it was sealed for another app, or with a secret no longer known.
    /// Clear data is returned as it is.
    /// </summary>
    public bool TryOpen(
        string name, AccountId? owner, IReadOnlyDictionary<string, string>? secretData, out IReadOnlyDictionary<string, string>? clear)
    {
        clear = secretData;
        if (!IsSealed(secretData)) return true;
        clear = Open(secrets.All, name, owner, secretData![Key]) is { } json
            ? JsonSerializer.Deserialize(json, ManifestJson.Default.DictionaryStringString) : null;
        return clear is not null;
    }

    /// <summary>True if the current secret opens the data, or nothing is sealed.</summary>
    public bool IsByCurrentSecret(string name, AccountId? owner, IReadOnlyDictionary<string, string>? secretData) =>
        !IsSealed(secretData) || Open([secrets.Current], name, owner, secretData![Key]) is not null;

    private static byte[]? Open(IEnumerable<HostSecret> by, string name, AccountId? owner, string text)
    {
        var box = new byte[text.Length];
        return Convert.TryFromBase64String(text, box, out var length)
            ? AesGcmSeal.Open(by.Select(KeyOf), box.AsSpan(0, length), Bound(name, owner)) : null;
    }

    private static byte[] KeyOf(HostSecret secret) => secret.Derive("secret data");

    private static byte[] Bound(string name, AccountId? owner) => Encoding.UTF8.GetBytes($"{name}\n{owner}");
}
