using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// Keeps <c>secretData</c> out of etcd in clear: all of it becomes one value under one key, encrypted (AES-256-GCM) with a
/// key from the host's secret and bound to the app's name and owner, so that it opens nowhere else.
/// </summary>
/// <remarks>
/// The same data seals to the same text, so that applying a manifest again changes nothing. One value for all keys, because
/// kubectl cannot take away a key that it does not find in its last-applied annotation: clear keys replace the sealed value.
/// </remarks>
internal sealed class SecretSeal(HostSecrets secrets)
{
    /// <summary>The key of the sealed value; no secret of a manifest can be called so.</summary>
    public const string Key = "codius.org/sealed";

    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static bool IsSealed(IReadOnlyDictionary<string, string>? secretData) => secretData is { Count: 1 } && secretData.ContainsKey(Key);

    public IReadOnlyDictionary<string, string> Seal(string name, AccountId? owner, IReadOnlyDictionary<string, string> secretData)
    {
        var sorted = new SortedDictionary<string, string>(secretData.ToDictionary(), StringComparer.Ordinal);
        var clear = JsonSerializer.SerializeToUtf8Bytes(sorted, ManifestJson.Default.SortedDictionaryStringString);
        var bound = Bound(name, owner);
        var box = new byte[NonceLength + clear.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        // Taken from what is sealed: two different texts never meet under one nonce.
        byte[] text = [.. SHA256.HashData(bound), .. clear];
        HMACSHA256.HashData(secrets.Current.Derive("secret data nonce"), text).AsSpan(0, NonceLength).CopyTo(nonce);
        using var cipher = new AesGcm(secrets.Current.Derive("secret data"), TagLength);
        cipher.Encrypt(nonce, clear, box.AsSpan(NonceLength, clear.Length), box.AsSpan(NonceLength + clear.Length), bound);
        return new Dictionary<string, string>(StringComparer.Ordinal) { [Key] = Convert.ToBase64String(box) };
    }

    /// <summary>Opens what <see cref="Seal"/> made for this app; false if it is another app's, or of a secret no longer known. Clear data is its own opening.</summary>
    public bool TryOpen(string name, AccountId? owner, IReadOnlyDictionary<string, string>? secretData, out IReadOnlyDictionary<string, string>? clear)
    {
        clear = secretData;
        if (!IsSealed(secretData)) return true;
        clear = null;
        var box = new byte[secretData![Key].Length];
        if (!Convert.TryFromBase64String(secretData[Key], box, out var length) || length < NonceLength + TagLength) return false;
        foreach (var secret in secrets.All)
        {
            if (Open(secret, Bound(name, owner), box.AsSpan(0, length)) is not { } opened) continue;
            clear = opened;
            return true;
        }
        return false;
    }

    private static Dictionary<string, string>? Open(HostSecret secret, byte[] bound, ReadOnlySpan<byte> box)
    {
        var clear = new byte[box.Length - NonceLength - TagLength];
        try
        {
            using var cipher = new AesGcm(secret.Derive("secret data"), TagLength);
            cipher.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], clear, bound);
            return JsonSerializer.Deserialize(clear, ManifestJson.Default.DictionaryStringString);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Bound(string name, AccountId? owner) => Encoding.UTF8.GetBytes($"{name}\n{owner}");
}
