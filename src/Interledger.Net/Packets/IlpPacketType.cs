namespace Interledger.Net.Packets;

/// <summary>The first byte of an ILPv4 packet (RFC 27).</summary>
public enum IlpPacketType : byte
{
    /// <summary>None: no packet has this type.</summary>
    None = 0,

    /// <summary>A conditional transfer, towards the receiver.</summary>
    Prepare = 12,

    /// <summary>The receiver accepted the money; the proof, towards the sender.</summary>
    Fulfill = 13,

    /// <summary>The transfer was rejected; the reason, towards the sender.</summary>
    Reject = 14,
}
