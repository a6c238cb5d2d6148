using Codius.Sandbox.Paying;

namespace Codius.Sandbox.Money;

/// <summary>What survives a restart, in the file's form.</summary>
internal sealed record SandboxState
{
    public IReadOnlyDictionary<Holder, ulong> Balances { get; init; } = new Dictionary<Holder, ulong>();

    /// <summary>The last payments, the newest first.</summary>
    public IReadOnlyList<Payment> History { get; init; } = [];

    /// <summary>The secret from which the receiving wallet's addresses derive, 32 bytes in base64.</summary>
    public required string Secret { get; init; }
}
