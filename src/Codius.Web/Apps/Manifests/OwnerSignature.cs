using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// Signs the owner of an app. Every client that may write custom resources could write an owner; only one the gateway signed is
/// trusted, so a backup can be applied again, the gateway's own <c>PUT</c> needs no trusted user name, and nothing can be forged.
/// </summary>
internal sealed class OwnerSignature(HostSecrets secrets)
{
    public string Sign(string name, AccountId owner) => Sign(secrets.Current, name, owner);

    /// <summary>
    /// The owner an app's annotations name, if the gateway signed it; null for an app of the host itself, and if it cannot be verified.
    /// </summary>
    public AccountId? Read(string name, IReadOnlyDictionary<string, string> annotations) =>
        annotations.TryGetValue(AppAnnotations.Owner, out var text) && AccountId.TryParse(text, out var owner) && owner.IsDeployToken
            && annotations.TryGetValue(AppAnnotations.OwnerSeal, out var seal)
            && secrets.All.Any(secret => IsFrom(secret, name, owner, seal))
            ? owner : null;

    /// <summary>True if the current secret signed the owner, or nothing is signed.</summary>
    public bool IsByCurrentSecret(string name, IReadOnlyDictionary<string, string> annotations) =>
        !annotations.TryGetValue(AppAnnotations.OwnerSeal, out var seal)
            || !AccountId.TryParse(annotations.GetValueOrDefault(AppAnnotations.Owner), out var owner)
            || IsFrom(secrets.Current, name, owner, seal);

    private static bool IsFrom(HostSecret secret, string name, AccountId owner, string seal) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(secret, name, owner)), Encoding.UTF8.GetBytes(seal));

    private static string Sign(HostSecret secret, string name, AccountId owner) =>
        Base32.Encode(HMACSHA256.HashData(secret.Derive("app owner"), Encoding.UTF8.GetBytes($"{name}\n{owner}")));
}
