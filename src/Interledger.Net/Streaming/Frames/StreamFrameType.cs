namespace Interledger.Net.Streaming.Frames;

/// <summary>The first byte of a frame (RFC 29, "Frames").</summary>
public enum StreamFrameType : byte
{
    /// <summary>None: no frame has this type; zero padding reads as such frames.</summary>
    None = 0x00,

    /// <summary><see cref="ConnectionCloseFrame"/>.</summary>
    ConnectionClose = 0x01,

    /// <summary><see cref="ConnectionNewAddressFrame"/>.</summary>
    ConnectionNewAddress = 0x02,

    /// <summary><see cref="ConnectionMaxDataFrame"/>.</summary>
    ConnectionMaxData = 0x03,

    /// <summary><see cref="ConnectionDataBlockedFrame"/>.</summary>
    ConnectionDataBlocked = 0x04,

    /// <summary><see cref="ConnectionMaxStreamIdFrame"/>.</summary>
    ConnectionMaxStreamId = 0x05,

    /// <summary><see cref="ConnectionStreamIdBlockedFrame"/>.</summary>
    ConnectionStreamIdBlocked = 0x06,

    /// <summary><see cref="ConnectionAssetDetailsFrame"/>.</summary>
    ConnectionAssetDetails = 0x07,

    /// <summary><see cref="StreamCloseFrame"/>.</summary>
    StreamClose = 0x10,

    /// <summary><see cref="StreamMoneyFrame"/>.</summary>
    StreamMoney = 0x11,

    /// <summary><see cref="StreamMaxMoneyFrame"/>.</summary>
    StreamMaxMoney = 0x12,

    /// <summary><see cref="StreamMoneyBlockedFrame"/>.</summary>
    StreamMoneyBlocked = 0x13,

    /// <summary><see cref="StreamDataFrame"/>.</summary>
    StreamData = 0x14,

    /// <summary><see cref="StreamMaxDataFrame"/>.</summary>
    StreamMaxData = 0x15,

    /// <summary><see cref="StreamDataBlockedFrame"/>.</summary>
    StreamDataBlocked = 0x16,

    /// <summary><see cref="StreamReceiptFrame"/>.</summary>
    StreamReceipt = 0x17,
}
