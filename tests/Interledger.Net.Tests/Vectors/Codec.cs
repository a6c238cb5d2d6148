using Interledger.Net.Oer;

namespace Interledger.Net.Tests.Vectors;

/// <summary>What every encoder and decoder must do besides being correct: never read or write past the end, at any length.</summary>
internal static class Codec
{
    private const byte Guard = 0xA5;

    public delegate bool Writes(Span<byte> destination, out int written);

    public delegate WireError Reads(ReadOnlySpan<byte> source);

    public delegate bool WritesOer(ref OerWriter writer);

    /// <summary>Writes into a buffer of the exact length, a longer one, and every shorter one; guard bytes stay unchanged.</summary>
    public static void AssertWrites(ReadOnlySpan<byte> expected, Writes write)
    {
        foreach (var extra in (int[])[0, 1, 33])
        {
            var room = new byte[expected.Length + extra + 2];
            Array.Fill(room, Guard);
            Assert.True(write(room.AsSpan(1, expected.Length + extra), out var written));
            Assert.Equal(expected, room.AsSpan(1, written));
            Assert.Equal(Guard, room[0]);
            Assert.True(room.AsSpan(1 + written).IndexOfAnyExcept(Guard) < 0);
        }

        foreach (var less in Lengths(expected.Length))
        {
            var room = new byte[less + 1];
            Array.Fill(room, Guard);
            Assert.False(write(room.AsSpan(0, less), out var written));
            Assert.Equal(0, written);
            Assert.Equal(Guard, room[less]);
        }
    }

    public static void AssertWritesOer(ReadOnlySpan<byte> expected, WritesOer write) =>
        AssertWrites(expected, (Span<byte> destination, out int written) =>
    {
        var writer = new OerWriter(destination);
        var whole = write(ref writer);
        written = whole ? writer.Written : 0;
        return whole;
    });

    /// <summary>Every proper prefix of valid bytes is refused with an error; the memory behind them is not read.</summary>
    public static void AssertRefusesEveryPrefix(ReadOnlySpan<byte> valid, Reads read)
    {
        foreach (var length in Lengths(valid.Length))
        {
            Assert.NotEqual(WireError.None, read(valid[..length]));
            Assert.NotEqual(WireError.None, read(valid[..length].ToArray()));
        }
    }

    /// <summary>All lengths below one; of long inputs the first and last thousand.</summary>
    private static IEnumerable<int> Lengths(int length) =>
        length <= 2000 ? Enumerable.Range(0, length) : Enumerable.Range(0, 1000).Concat(Enumerable.Range(length - 1000, 1000));
}
