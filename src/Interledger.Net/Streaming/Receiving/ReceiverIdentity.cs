using System.Text;
using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>The receiver's address and asset as they appear in its replies, encoded once.</summary>
internal sealed class ReceiverIdentity
{
    private readonly byte[] _address;
    private readonly byte[] _assetFrame;

    public ReceiverIdentity(IlpAddress address, string assetCode, byte assetScale)
    {
        _address = Encoding.ASCII.GetBytes(address.ToString());
        var frame = new ConnectionAssetDetailsFrame(assetCode, assetScale);
        _assetFrame = new byte[frame.EncodedLength];
        var writer = new OerWriter(_assetFrame);
        frame.TryWrite(ref writer);
    }

    public ReadOnlySpan<byte> Address => _address;

    public ReadOnlySpan<byte> AssetFrame => _assetFrame;

    /// <summary>A Reject without a STREAM packet.</summary>
    public byte[] Reject(IlpErrorCode code, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data = default)
    {
        var reply = new byte[IlpReject.LengthWith(_address.Length, message.Length, data.Length)];
        var writer = new OerWriter(reply);
        IlpReject.TryBegin(ref writer, code, _address, message, data.Length);
        writer.TryWriteBytes(data);
        return reply;
    }

    /// <summary>The token segment of a destination of ours: between our address and the next dot.</summary>
    public bool TryFindToken(ReadOnlySpan<byte> destination, out ReadOnlySpan<byte> token)
    {
        token = default;
        if (destination.Length <= _address.Length || destination[_address.Length] != '.' || !destination.StartsWith(_address))
            return false;
        token = destination[(_address.Length + 1)..];
        var end = token.IndexOf((byte)'.');
        if (end >= 0)
            token = token[..end];
        return true;
    }
}
