using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// Iterates over the frames of a STREAM packet in place, without reading or copying their contents; includes unknown types.
/// </summary>
public ref struct StreamFrameReader
{
    private readonly ulong _count;
    private OerReader _reader;
    private ulong _read;

    internal StreamFrameReader(ReadOnlySpan<byte> frames, ulong count)
    {
        _reader = new OerReader(frames);
        _count = count;
    }

    /// <summary>The type byte of the frame last read.</summary>
    public StreamFrameType Type { get; private set; }

    /// <summary>The contents of the frame last read; <see cref="StreamFrame.TryReadContents"/> reads them.</summary>
    public ReadOnlySpan<byte> Contents { get; private set; }

    /// <summary>The error that ended the iteration; <see cref="WireError.None"/> if there was none.</summary>
    public readonly WireError Error => _reader.Error;

    /// <summary>Reads the next frame.</summary>
    /// <returns>False after the last frame, or at an error.</returns>
    public bool TryReadNext()
    {
        if (_read == _count || !_reader.TryReadUInt8(out var type) || !_reader.TryReadVarOctetString(out var contents))
            return false;
        _read++;
        Type = (StreamFrameType)type;
        Contents = contents;
        return true;
    }
}
