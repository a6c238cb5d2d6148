using System.Security.Cryptography;

namespace Codius.Sandbox;

/// <summary>The tokens of wallet and connector; new at each start, since both run in this process.</summary>
internal sealed class SandboxTokens
{
    public string WalletToConnector { get; } = RandomNumberGenerator.GetHexString(32);

    public string ConnectorToWallet { get; } = RandomNumberGenerator.GetHexString(32);

    public override string ToString() => "***";
}
