using Codius.Sandbox.Paying;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Sandbox.Money;

/// <summary>What survives a restart, in the file's form.</summary>
internal sealed record SandboxState
{
    public IReadOnlyDictionary<Holder, ulong> Balances { get; init; } = new Dictionary<Holder, ulong>();

    /// <summary>The last payments, the newest first.</summary>
    public IReadOnlyList<Payment> History { get; init; } = [];

    /// <summary>The incoming payments of the host's wallet that were paid or completed; a file of before it had them has none.</summary>
    public IReadOnlyList<IncomingPayment> HostPayments { get; init; } = [];

    /// <summary>The secret from which the wallets' addresses, tokens and keys derive, 32 bytes in base64.</summary>
    public required string Secret { get; init; }
}
