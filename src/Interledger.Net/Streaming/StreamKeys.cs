using System.Buffers.Binary;
using System.Security.Cryptography;
using Interledger.Net.Packets;

namespace Interledger.Net.Streaming;

/// <summary>
/// The two keys derived from a shared secret, and their operations (RFC 29, "Encryption", "Fulfillment"). Thread-safe; keep it for the
/// whole connection, since its cipher objects are set up once. Prints as <c>***</c>.
/// </summary>
public sealed class StreamKeys : IDisposable
{
    /// <summary>Length of each key in bytes.</summary>
    public const int KeyLength = 32;

    private readonly byte[] _encryptionKey = new byte[KeyLength];
    private readonly byte[] _fulfillmentKey = new byte[KeyLength];

    // Cipher objects are not thread-safe; a thread that finds this empty creates one more, and the last one put back stays.
    private Ciphers? _idle;

    /// <summary>Derives both keys.</summary>
    /// <param name="secret">The shared secret.</param>
    public StreamKeys(StreamSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        DeriveEncryptionKey(secret.Bytes, _encryptionKey);
        DeriveFulfillmentKey(secret.Bytes, _fulfillmentKey);
    }

    private StreamKeys(ReadOnlySpan<byte> encryptionKey) => encryptionKey.CopyTo(_encryptionKey);

    /// <summary><c>HMAC-SHA256(secret, "ilp_stream_encryption")</c>.</summary>
    /// <param name="sharedSecret">The shared secret; 32 bytes by the RFC, other lengths are derived from all the same.</param>
    /// <param name="key">At least 32 bytes.</param>
    public static void DeriveEncryptionKey(ReadOnlySpan<byte> sharedSecret, Span<byte> key) =>
        HMACSHA256.HashData(sharedSecret, "ilp_stream_encryption"u8, key);

    /// <summary><c>HMAC-SHA256(secret, "ilp_stream_fulfillment")</c>.</summary>
    /// <param name="sharedSecret">The shared secret; 32 bytes by the RFC, other lengths are derived from all the same.</param>
    /// <param name="key">At least 32 bytes.</param>
    public static void DeriveFulfillmentKey(ReadOnlySpan<byte> sharedSecret, Span<byte> key) =>
        HMACSHA256.HashData(sharedSecret, "ilp_stream_fulfillment"u8, key);

    /// <summary>
    /// A packet id that only the two endpoints can compute: <c>HMAC-SHA256(secret, "ilp_stream_packet_id" sequence)</c>.
    /// Not in an RFC; <c>ilp-protocol-stream</c> logs it.
    /// </summary>
    /// <param name="sharedSecret">The shared secret.</param>
    /// <param name="sequence">The packet's sequence number; eight bytes, most significant first.</param>
    /// <param name="id">At least 32 bytes.</param>
    public static void DerivePacketId(ReadOnlySpan<byte> sharedSecret, ulong sequence, Span<byte> id)
    {
        Span<byte> name = stackalloc byte[20 + sizeof(ulong)];
        "ilp_stream_packet_id"u8.CopyTo(name);
        BinaryPrimitives.WriteUInt64BigEndian(name[20..], sequence);
        HMACSHA256.HashData(sharedSecret, name, id);
    }

    /// <summary>The fulfillment of a Prepare that carries this data: <c>HMAC-SHA256(fulfillment key, data)</c>.</summary>
    /// <param name="data">The Prepare's data field as it is on the wire, still encrypted.</param>
    /// <returns>The fulfillment; its <see cref="IlpFulfillment.Condition"/> is what the Prepare must carry.</returns>
    public IlpFulfillment Fulfill(ReadOnlySpan<byte> data)
    {
        Span<byte> bytes = stackalloc byte[IlpFulfillment.Length];
        var ciphers = Rent();
        ciphers.Hmac.AppendData(data);
        ciphers.Hmac.GetHashAndReset(bytes);
        Return(ciphers);
        return new IlpFulfillment(bytes);
    }

    /// <summary>Encrypts a STREAM packet under a fresh random IV.</summary>
    /// <param name="plaintext">
    /// The packet; may lie inside <paramref name="envelope"/> behind its first 28 bytes, and nowhere else in it.
    /// </param>
    /// <param name="envelope">Exactly <see cref="StreamEnvelope.Overhead"/> bytes more than <paramref name="plaintext"/>.</param>
    /// <exception cref="ArgumentException">The envelope has another length.</exception>
    public void Seal(ReadOnlySpan<byte> plaintext, Span<byte> envelope)
    {
        if (envelope.Length != plaintext.Length + StreamEnvelope.Overhead)
            throw new ArgumentException("The envelope is 28 bytes longer than its contents.", nameof(envelope));
        var iv = envelope[..StreamEnvelope.IvLength];
        RandomIvs.Fill(iv);
        var ciphers = Rent();
        ciphers.Gcm.Encrypt(iv, plaintext, envelope[StreamEnvelope.Overhead..], envelope[StreamEnvelope.IvLength..StreamEnvelope.Overhead]);
        Return(ciphers);
    }

    /// <summary>Authenticates and decrypts an envelope.</summary>
    /// <param name="envelope">The data field of an ILP packet.</param>
    /// <param name="plaintext">At least 28 bytes less than the envelope; may not overlap it.</param>
    /// <param name="written">The length of the decrypted packet.</param>
    /// <param name="error">
    /// <see cref="WireError.Truncated"/> under 28 bytes, <see cref="WireError.NotAuthentic"/> for another key or changed bytes.
    /// </param>
    /// <returns>False when it cannot be decrypted.</returns>
    /// <exception cref="ArgumentException"><paramref name="plaintext"/> is too short.</exception>
    public bool TryOpen(ReadOnlySpan<byte> envelope, Span<byte> plaintext, out int written, out WireError error)
    {
        written = 0;
        error = WireError.Truncated;
        if (envelope.Length < StreamEnvelope.Overhead)
            return false;
        var length = envelope.Length - StreamEnvelope.Overhead;
        var ciphers = Rent();
        try
        {
            ciphers.Gcm.Decrypt(
                envelope[..StreamEnvelope.IvLength],
                envelope[StreamEnvelope.Overhead..],
                envelope[StreamEnvelope.IvLength..StreamEnvelope.Overhead],
                plaintext[..length]);
        }
        catch (AuthenticationTagMismatchException)
        {
            error = WireError.NotAuthentic;
            return false;
        }
        finally
        {
            Return(ciphers);
        }

        written = length;
        error = WireError.None;
        return true;
    }

    /// <summary>Disposes the cipher objects; the keys can still be used afterwards, at the cost of new ones.</summary>
    public void Dispose() => Interlocked.Exchange(ref _idle, null)?.Dispose();

    /// <summary>Always <c>***</c>.</summary>
    /// <returns>Nothing that could be used.</returns>
    public override string ToString() => "***";

    /// <summary>Keys that open and seal but cannot fulfill, from the encryption key alone.</summary>
    internal static StreamKeys FromEncryptionKey(ReadOnlySpan<byte> encryptionKey) => new(encryptionKey);

    private Ciphers Rent() => Interlocked.Exchange(ref _idle, null) ?? new Ciphers(
        new AesGcm(_encryptionKey, StreamEnvelope.TagLength), IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _fulfillmentKey));

    private void Return(Ciphers ciphers) => Interlocked.Exchange(ref _idle, ciphers)?.Dispose();

    private sealed class Ciphers(AesGcm gcm, IncrementalHash hmac) : IDisposable
    {
        public AesGcm Gcm { get; } = gcm;

        public IncrementalHash Hmac { get; } = hmac;

        public void Dispose()
        {
            Gcm.Dispose();
            Hmac.Dispose();
        }
    }
}
