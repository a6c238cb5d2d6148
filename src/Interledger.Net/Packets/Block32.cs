using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Interledger.Net.Packets;

/// <summary>32 bytes inline, without an array: conditions and fulfillments are created and compared for every packet.</summary>
[InlineArray(32)]
[SuppressMessage("Performance", "CA1823", Justification = "The field is the array.")]
internal struct Block32
{
    private byte _first;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => this;

    public static Block32 From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32)
            throw new ArgumentException("32 bytes are needed.", nameof(bytes));
        var block = default(Block32);
        bytes.CopyTo(block);
        return block;
    }
}
