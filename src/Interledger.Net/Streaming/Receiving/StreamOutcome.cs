namespace Interledger.Net.Streaming.Receiving;

/// <summary>The outcome of a packet at a <see cref="StreamReceiver"/>; all but <see cref="Money"/> come with a finished reply.</summary>
public enum StreamOutcome
{
    /// <summary>The default value: no packet was received.</summary>
    None = 0,

    /// <summary>Valid, fulfillable, and of an amount above 0: the caller decides.</summary>
    Money,

    /// <summary>Fulfillable and of amount 0: fulfilled, since no money moves.</summary>
    FulfilledNothing,

    /// <summary>F02: the destination is not below this receiver's address.</summary>
    NotMine,

    /// <summary>R02: too little time is left to credit it.</summary>
    TooLate,

    /// <summary>F06: the address holds no token of this receiver.</summary>
    UnknownAddress,

    /// <summary>F06: the address has expired.</summary>
    ExpiredAddress,

    /// <summary>F06: the data was not encrypted with the connection's key.</summary>
    NotAuthentic,

    /// <summary>F00, without data: decrypted, but no STREAM packet of version 1 for a Prepare.</summary>
    NotUnderstood,

    /// <summary>F99 with a ConnectionClose: the sender closed the connection, which the reply confirms.</summary>
    Closed,

    /// <summary>F99: less arrived than the sender's minimum.</summary>
    BelowMinimum,

    /// <summary>F99: the condition cannot be fulfilled; senders probe the rate this way.</summary>
    Probe,
}
