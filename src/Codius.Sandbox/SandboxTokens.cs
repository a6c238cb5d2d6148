using System.Security.Cryptography;

namespace Codius.Sandbox;

/// <summary>What wallet and connector show each other; made anew at each start, since both are in this process.</summary>
internal sealed class SandboxTokens
{
    public string WalletToConnector { get; } = RandomNumberGenerator.GetHexString(32);

    public string ConnectorToWallet { get; } = RandomNumberGenerator.GetHexString(32);

    public override string ToString() => "***";
}
