namespace Interledger.Net.Packets;

/// <summary>The first byte of an ILPv4 packet (RFC 27).</summary>
public enum IlpPacketType : byte
{
    /// <summary>None: no packet has this type.</summary>
    None = 0,

    /// <summary>A conditional offer of money, towards the receiver.</summary>
    Prepare = 12,

    /// <summary>The receiver took the money; the proof goes back.</summary>
    Fulfill = 13,

    /// <summary>Nobody took the money; the reason goes back.</summary>
    Reject = 14,
}
