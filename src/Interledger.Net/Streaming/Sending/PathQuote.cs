using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>The result of probing the path to the receiver. A snapshot: rates change.</summary>
public sealed record PathQuote
{
    /// <summary>Why the path cannot be used; null if it can.</summary>
    public PaymentEnding? Failure { get; init; }

    /// <summary>The code of the last Reject of a connector, if that is the reason.</summary>
    public IlpErrorCode LastCode { get; init; }

    /// <summary>The receiver's asset; null if it did not announce one.</summary>
    public ReceiverAsset? Asset { get; init; }

    /// <summary>The rate that is certain to arrive.</summary>
    public ExchangeRate Rate { get; init; }

    /// <summary>The largest packet the path accepts, in the sender's units; null if no connector reported a limit.</summary>
    public ulong? MaxPacketAmount { get; init; }
}
