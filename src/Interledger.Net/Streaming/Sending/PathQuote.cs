using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>What probing has shown of the path to the receiver. It holds for now: rates change.</summary>
public sealed record PathQuote
{
    /// <summary>Why the path cannot be used; null if it can.</summary>
    public PaymentEnding? Failure { get; init; }

    /// <summary>The code of the last reject of a connector's, if that is the reason.</summary>
    public IlpErrorCode LastCode { get; init; }

    /// <summary>What the receiver counts in; null if it did not tell.</summary>
    public ReceiverAsset? Asset { get; init; }

    /// <summary>What is certain to arrive of what is sent.</summary>
    public ExchangeRate Rate { get; init; }

    /// <summary>The largest packet the path takes, in the sender's units; null if no connector named a limit.</summary>
    public ulong? MaxPacketAmount { get; init; }
}
