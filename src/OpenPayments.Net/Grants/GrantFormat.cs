using System.Buffers.Binary;
using System.Text;
using NSec.Cryptography;

namespace OpenPayments.Net.Grants;

/// <summary>
/// The inside of grant tokens.
/// <code>
/// access        | grant id 16 | token id 16 | client id 16 | key 32 | expires s, u32 | ends s, u32 | accesses |
/// each access   | actions u8 | account length u8, 0 for any account | account |
/// continuation  | grant id 16 | key 32 | ends s, u32 |
/// </code>
/// </summary>
internal static class GrantFormat
{
    private const int IdLength = 16;
    private const int KeyLength = 32;
    private const int TimeLength = 4;
    private const int FixedLength = 3 * IdLength + KeyLength + 2 * TimeLength;

    public static int LengthOf(IEnumerable<Access> access) => FixedLength + access.Sum(LengthOf);

    public static byte[] Write(Grant grant)
    {
        var text = new byte[LengthOf(grant.Access)];
        Convert.FromHexString(grant.Id).CopyTo(text, 0);
        Convert.FromHexString(grant.TokenId).CopyTo(text, IdLength);
        Convert.FromHexString(grant.ClientId).CopyTo(text, 2 * IdLength);
        grant.Key.Export(KeyBlobFormat.RawPublicKey).CopyTo(text, 3 * IdLength);
        WriteTime(grant.ExpiresAt, text.AsSpan(3 * IdLength + KeyLength));
        WriteTime(grant.EndsAt, text.AsSpan(3 * IdLength + KeyLength + TimeLength));
        var at = FixedLength;
        foreach (var access in grant.Access)
        {
            text[at] = (byte)access.Actions;
            text[at + 1] = (byte)Encoding.UTF8.GetBytes(access.Account ?? "", text.AsSpan(at + 2));
            at += LengthOf(access);
        }
        return text;
    }

    // Only what Write wrote gets here: the seal has been checked.
    public static Grant Read(ReadOnlySpan<byte> text)
    {
        var access = new List<Access>();
        for (var rest = text[FixedLength..]; rest.Length > 0; rest = rest[(2 + rest[1])..])
            access.Add(new Access((AccessActions)rest[0], rest[1] == 0 ? null : Encoding.UTF8.GetString(rest.Slice(2, rest[1]))));
        return new Grant(
            ReadId(text), ReadId(text[IdLength..]), ReadId(text[(2 * IdLength)..]), ReadKey(text[(3 * IdLength)..]), access,
            ReadTime(text[(3 * IdLength + KeyLength)..]), ReadTime(text[(3 * IdLength + KeyLength + TimeLength)..]));
    }

    public static byte[] WriteContinuation(Grant grant)
    {
        var text = new byte[IdLength + KeyLength + TimeLength];
        Convert.FromHexString(grant.Id).CopyTo(text, 0);
        grant.Key.Export(KeyBlobFormat.RawPublicKey).CopyTo(text, IdLength);
        WriteTime(grant.EndsAt, text.AsSpan(IdLength + KeyLength));
        return text;
    }

    public static Continuation ReadContinuation(ReadOnlySpan<byte> text) =>
        new(ReadId(text), ReadKey(text[IdLength..]), ReadTime(text[(IdLength + KeyLength)..]));

    private static int LengthOf(Access access) => 2 + Encoding.UTF8.GetByteCount(access.Account ?? "");

    private static string ReadId(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(text[..IdLength]);

    private static PublicKey ReadKey(ReadOnlySpan<byte> text) =>
        PublicKey.Import(SignatureAlgorithm.Ed25519, text[..KeyLength], KeyBlobFormat.RawPublicKey);

    private static void WriteTime(DateTimeOffset time, Span<byte> text) =>
        BinaryPrimitives.WriteUInt32BigEndian(text, (uint)time.ToUnixTimeSeconds());

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> text) =>
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(text));
}
