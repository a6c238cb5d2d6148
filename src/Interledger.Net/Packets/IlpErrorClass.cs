namespace Interledger.Net.Packets;

/// <summary>How a sender should react to a Reject: the first letter of its code (RFC 27).</summary>
public enum IlpErrorClass
{
    /// <summary>No class of the RFC.</summary>
    None = 0,

    /// <summary>F: the same packet will fail again.</summary>
    Final,

    /// <summary>T: try again later, perhaps slower.</summary>
    Temporary,

    /// <summary>R: try again with other amounts or times.</summary>
    Relative,
}
