using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Interledger.Net.Receipts;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// The plaintext of an address token. It is padded with zeros to a multiple of 3 bytes, so that base64url has no unused bits that could be
/// changed undetected.
/// <code>
/// +----------+----------------+-------------------+---------+---------------------+------------------+--------------------+---------+
/// | flags u8 | expires s, u32 | account length u8 | account | incoming payment 16 | length u8, terms | nonce 16 secret 32 | padding |
/// +----------+----------------+-------------------+---------+---------------------+------------------+--------------------+---------+
///   1: incoming payment   2: receipts   4: account in bytes, otherwise six bits a character   8: the payment's terms; never with 2
/// </code>
/// </summary>
internal static class ClaimsFormat
{
    // The longest: an account in bytes, and an incoming payment with its terms.
    public const int MaxLength = (6 + StreamTokenClaims.MaxAccountIdLength + 16 + 1 + StreamTokenClaims.MaxTermsLength + 2) / 3 * 3;

    private const byte HasIncomingPayment = 1, HasReceipts = 2, AccountInBytes = 4, HasTerms = 8;

    private const string SixBits = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly SearchValues<char> SixBitLetters = SearchValues.Create(SixBits);

    public static int Write(StreamTokenClaims claims, Span<byte> destination)
    {
        destination.Clear();
        var packed = !claims.AccountId.AsSpan().ContainsAnyExcept(SixBitLetters);
        destination[0] = (byte)((claims.IncomingPayment is null ? 0 : HasIncomingPayment) | (claims.Receipts is null ? 0 : HasReceipts)
            | (packed ? 0 : AccountInBytes) | (claims.IncomingPaymentTerms.IsEmpty ? 0 : HasTerms));
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)claims.ExpiresAt.ToUnixTimeSeconds());
        destination[5] = (byte)claims.AccountId.Length;
        var at = 6;
        if (packed)
            at += Pack(claims.AccountId, destination[at..]);
        else
            at += Encoding.ASCII.GetBytes(claims.AccountId, destination[at..]);
        if (claims.IncomingPayment is { } payment)
        {
            payment.TryWriteBytes(destination[at..], bigEndian: true, out var written);
            at += written;
        }

        if (claims.IncomingPaymentTerms is { IsEmpty: false } terms)
        {
            destination[at] = (byte)terms.Length;
            terms.Span.CopyTo(destination[(at + 1)..]);
            at += 1 + terms.Length;
        }

        if (claims.Receipts is { } receipts)
        {
            receipts.Nonce.CopyTo(destination[at..]);
            receipts.Secret.CopyTo(destination[(at + ReceiptNonce.Length)..]);
            at += ReceiptNonce.Length + ReceiptSecret.Length;
        }

        return (at + 2) / 3 * 3;
    }

    /// <summary>Reads the output of <see cref="Write"/>; null if the authentic plaintext has another format.</summary>
    public static StreamTokenClaims? Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < 6 || source[5] is 0 or > StreamTokenClaims.MaxAccountIdLength)
            return null;
        int flags = source[0], letters = source[5];
        var packed = (flags & AccountInBytes) == 0;
        var accountLength = packed ? PackedLength(letters) : letters;
        var paymentLength = (flags & HasIncomingPayment) == 0 ? 0 : 16;
        var receiptsLength = (flags & HasReceipts) == 0 ? 0 : ReceiptNonce.Length + ReceiptSecret.Length;
        var at = 6 + accountLength + paymentLength;
        var termsLength = (flags & HasTerms) == 0 || at >= source.Length ? 0 : 1 + source[at];
        if (termsLength > 1 + StreamTokenClaims.MaxTermsLength || source.Length < at + termsLength + receiptsLength)
            return null;
        var account = source.Slice(6, accountLength);
        var payment = source.Slice(6 + accountLength, paymentLength);
        var receipts = source.Slice(at + termsLength, receiptsLength);
        return new StreamTokenClaims
        {
            AccountId = packed ? Unpack(account, letters) : Encoding.ASCII.GetString(account),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(source[1..])),
            IncomingPayment = payment.IsEmpty ? null : new Guid(payment, bigEndian: true),
            IncomingPaymentTerms = termsLength == 0 ? default(ReadOnlyMemory<byte>) : source.Slice(at + 1, termsLength - 1).ToArray(),
            Receipts = receipts.IsEmpty
                ? null
                : new ReceiptSetup(new ReceiptNonce(receipts[..ReceiptNonce.Length]), new ReceiptSecret(receipts[ReceiptNonce.Length..])),
        };
    }

    private static int PackedLength(int letters) => (letters * 6 + 7) / 8;

    private static int Pack(string text, Span<byte> destination)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var bits = SixBits.IndexOf(text[i], StringComparison.Ordinal) << 10 - i * 6 % 8;
            var at = i * 6 / 8;
            destination[at] |= (byte)(bits >> 8);
            destination[at + 1] |= (byte)bits;
        }

        return PackedLength(text.Length);
    }

    private static string Unpack(ReadOnlySpan<byte> packed, int letters)
    {
        Span<char> text = stackalloc char[letters];
        for (var i = 0; i < letters; i++)
        {
            var at = i * 6 / 8;
            var bits = packed[at] << 8 | (at + 1 < packed.Length ? packed[at + 1] : 0);
            text[i] = SixBits[bits >> 10 - i * 6 % 8 & 0x3F];
        }

        return new string(text);
    }
}
