namespace Interledger.Net.Streaming.Receiving;

/// <summary>What became of a packet at a <see cref="StreamReceiver"/>; all but <see cref="Money"/> come with a finished reply.</summary>
public enum StreamOutcome
{
    /// <summary>No packet was looked at.</summary>
    None = 0,

    /// <summary>Sound, fulfillable, and worth more than nothing: the account's owner decides.</summary>
    Money,

    /// <summary>Fulfillable and worth nothing: fulfilled, which costs nobody anything.</summary>
    FulfilledNothing,

    /// <summary>F02: addressed to someone else.</summary>
    NotMine,

    /// <summary>R02: too little time is left to credit it.</summary>
    TooLate,

    /// <summary>F00: it expires too far in the future.</summary>
    TooFarAhead,

    /// <summary>F06: the address holds no token of this receiver.</summary>
    UnknownAddress,

    /// <summary>F06: the address has expired.</summary>
    ExpiredAddress,

    /// <summary>F06: the data was not encrypted with the connection's key.</summary>
    NotAuthentic,

    /// <summary>F00, without data: decrypted, but no STREAM packet of version 1 for a Prepare.</summary>
    NotUnderstood,

    /// <summary>F99 with a ConnectionClose: the sender closed the connection, and is told so.</summary>
    Closed,

    /// <summary>F99: less arrived than the sender asks for.</summary>
    BelowMinimum,

    /// <summary>F99: the condition cannot be fulfilled; senders do it to learn the rate.</summary>
    Probe,
}
