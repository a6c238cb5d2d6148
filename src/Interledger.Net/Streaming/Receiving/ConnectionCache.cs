using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// Caches recent connections, looked up by the text of their token without copying it. Two generations: when the young one is full it
/// becomes the old one, and entries not used again are evicted with it; no lock, no ordered list.
/// </summary>
internal sealed class ConnectionCache(int capacity)
{
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    public bool TryGet(ReadOnlySpan<byte> token, [NotNullWhen(true)] out StreamConnection? connection)
    {
        if (_young.TryGet(token, out connection))
            return true;
        if (!_old.TryGet(token, out connection))
            return false;
        Add(connection);
        return true;
    }

    public void Add(StreamConnection connection)
    {
        var young = _young;
        if (capacity == 0 || !young.TryAdd(connection) || young.Count < capacity)
            return;
        // Two threads may find it full at once and the second retire an almost empty generation: that costs derivations, never a wrong key.
        _old = young;
        _young = new Generation();
    }

    private sealed class Generation
    {
        private readonly ConcurrentDictionary<byte[], StreamConnection> _connections = new(TokenComparer.Instance);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool TryGet(ReadOnlySpan<byte> token, [NotNullWhen(true)] out StreamConnection? connection) =>
            _connections.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(token, out connection);

        public bool TryAdd(StreamConnection connection)
        {
            if (!_connections.TryAdd(connection.Token, connection))
                return false;
            Interlocked.Increment(ref _count);
            return true;
        }
    }

    /// <summary>Hashes eight characters of the salt: they are random, and only authentic tokens are ever added.</summary>
    private sealed class TokenComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        private const int SaltAt = 4;

        public static readonly TokenComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) =>
            alternate.Length < SaltAt + sizeof(ulong) ? 0 : MemoryMarshal.Read<ulong>(alternate[SaltAt..]).GetHashCode();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
