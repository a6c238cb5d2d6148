using System.Security.Cryptography;

namespace Interledger.Net.Streaming;

/// <summary>
/// Random IVs from the system's generator, generated in batches: a call for twelve bytes costs as much as encrypting a packet. An IV is
/// not secret, but must never repeat; used bytes are not kept.
/// </summary>
internal static class RandomIvs
{
    private const int Count = 64;

    [ThreadStatic]
    private static byte[]? _ready;

    [ThreadStatic]
    private static int _left;

    public static void Fill(Span<byte> iv)
    {
        var ready = _ready ??= new byte[Count * StreamEnvelope.IvLength];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(ready);
            _left = Count;
        }

        var next = ready.AsSpan(--_left * StreamEnvelope.IvLength, StreamEnvelope.IvLength);
        next.CopyTo(iv);
        next.Clear();
    }
}
