using Interledger.Net.Packets;
using Interledger.Net.Streaming;

namespace Codius.Sandbox.Paying;

/// <summary>A payment to make: what its payee is called, how much, and how its address is found when it begins.</summary>
internal sealed record PaymentOrder
{
    /// <summary>The payee as the history shows it: a payment pointer or a wallet address.</summary>
    public required string Name { get; init; }

    /// <summary>Units to send, or units a second.</summary>
    public required ulong Amount { get; init; }

    public bool PerSecond { get; init; }

    public required Func<CancellationToken, Task<Destination>> FindAsync { get; init; }

    /// <summary>Where receipts are posted; null for nowhere.</summary>
    public Uri? ReceiptsTo { get; init; }
}

/// <summary>Where the packets of a payment go, or why it cannot be made.</summary>
internal sealed record Destination(IlpAddress Address, StreamSecret? Secret, string Fault = "")
{
    public Destination(string fault) : this(default, null, fault)
    {
    }
}
