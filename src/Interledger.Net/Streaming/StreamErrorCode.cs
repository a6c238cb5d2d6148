namespace Interledger.Net.Streaming;

/// <summary>Why a connection or stream was closed (RFC 29, "Error Codes"). Other values may come from the wire and are kept.</summary>
public enum StreamErrorCode : byte
{
    /// <summary>No code: 0 is not in the RFC.</summary>
    None = 0,

    /// <summary>The work is done.</summary>
    NoError = 1,

    /// <summary>Something broke inside the endpoint.</summary>
    InternalError = 2,

    /// <summary>The endpoint has too much to do.</summary>
    EndpointBusy = 3,

    /// <summary>The other side broke flow control: more money or data than allowed.</summary>
    FlowControlError = 4,

    /// <summary>More streams than allowed, or a stream number of the other side.</summary>
    StreamIdError = 5,

    /// <summary>A frame for a stream that is closed.</summary>
    StreamStateError = 6,

    /// <summary>A frame that could not be read.</summary>
    FrameFormatError = 7,

    /// <summary>The protocol was broken in another way.</summary>
    ProtocolViolation = 8,

    /// <summary>The application's own error.</summary>
    ApplicationError = 9,
}
