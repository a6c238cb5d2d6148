using Interledger.Net.Oer;
using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The ILP address of this frame's sender; empty for a client that accepts no packets (RFC 29, "ConnectionNewAddress Frame").
/// <code>
/// +------+--------+----------------------+
/// | 0x02 | length | source address (var) |
/// +------+--------+----------------------+
/// </code>
/// </summary>
/// <param name="SourceAddress">An ILP address, or the empty one.</param>
public sealed record ConnectionNewAddressFrame(IlpAddress SourceAddress) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.ConnectionNewAddress;

    private protected override int ContentsLength => OerWriter.SizeOfVarOctetString(SourceAddress.Length);

    internal static ConnectionNewAddressFrame? Read(ref OerReader contents)
    {
        IlpAddress address = default;
        return contents.TryReadVarOctetString(out var ascii)
            && (ascii.IsEmpty || IlpAddress.TryParse(ascii, out address) || contents.Fail(WireError.InvalidAddress))
                ? new ConnectionNewAddressFrame(address)
                : null;
    }

    private protected override bool TryWriteContents(ref OerWriter writer)
    {
        if (!writer.TryWriteLength(SourceAddress.Length) || !writer.TryTake(SourceAddress.Length, out var room))
            return false;
        SourceAddress.CopyTo(room);
        return true;
    }
}
