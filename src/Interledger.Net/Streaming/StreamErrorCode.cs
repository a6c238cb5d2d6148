namespace Interledger.Net.Streaming;

/// <summary>Why a connection or stream was closed (RFC 29, "Error Codes"). Other values on the wire are preserved.</summary>
public enum StreamErrorCode : byte
{
    /// <summary>No code: 0 is not in the RFC.</summary>
    None = 0,

    /// <summary>A normal close.</summary>
    NoError = 1,

    /// <summary>An internal error of the endpoint.</summary>
    InternalError = 2,

    /// <summary>The endpoint is overloaded.</summary>
    EndpointBusy = 3,

    /// <summary>The peer violated flow control: more money or data than allowed.</summary>
    FlowControlError = 4,

    /// <summary>The peer opened more streams than allowed, or used a stream id of this side.</summary>
    StreamIdError = 5,

    /// <summary>A frame for a stream that is closed.</summary>
    StreamStateError = 6,

    /// <summary>A frame that is not valid.</summary>
    FrameFormatError = 7,

    /// <summary>Another violation of the protocol.</summary>
    ProtocolViolation = 8,

    /// <summary>An error defined by the application.</summary>
    ApplicationError = 9,
}
