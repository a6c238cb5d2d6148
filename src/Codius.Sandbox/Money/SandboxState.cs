using Codius.Sandbox.Paying;

namespace Codius.Sandbox.Money;

/// <summary>What outlives a restart, as it lies in the file.</summary>
internal sealed record SandboxState
{
    public IReadOnlyDictionary<Holder, ulong> Balances { get; init; } = new Dictionary<Holder, ulong>();

    /// <summary>The last payments, the newest first.</summary>
    public IReadOnlyList<Payment> History { get; init; } = [];

    /// <summary>From which the receiving wallet's addresses derive, 32 bytes in base64.</summary>
    public required string Secret { get; init; }
}
