using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Apps;

/// <summary>What the alerts to an app's developer are signed with: derived for each name and owner, known to that owner alone.</summary>
internal sealed class AppAlertKeys(HostSecrets secrets)
{
    private const string Label = "app alert webhook";

    private readonly byte[][] _keys = [.. secrets.All.Select(secret => secret.Derive(Label))];

    /// <summary>The key in the form that Standard Webhooks gives to receivers.</summary>
    public string Of(string name, AccountId owner) => "whsec_" + Convert.ToBase64String(Key(_keys[0], name, owner));

    /// <summary>
    /// The current key, then those of earlier secrets of the host: a message is signed with each, so that a receiver that still has an
    /// earlier one goes on accepting while the earlier secret is kept.
    /// </summary>
    public IReadOnlyList<byte[]> AllOf(string name, AccountId owner) => [.. _keys.Select(key => Key(key, name, owner))];

    // Neither a name nor an account has a line break.
    private static byte[] Key(byte[] key, string name, AccountId owner) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{name}\n{owner}"));
}
