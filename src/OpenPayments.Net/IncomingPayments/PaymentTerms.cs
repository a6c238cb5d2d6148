using System.Text;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>
/// The terms of an incoming payment in bytes: all that its creator decided. They travel in its URL and in its ILP address.
/// <code>
/// | made ms, varint | lasts ms, varint | incoming amount, varint, 0 for none | client id 16 | metadata: none, the byte 1, or UTF-8 |
/// </code>
/// </summary>
internal static class PaymentTerms
{
    /// <summary>The most that the fixed part has: times until 2109, any amount, and the metadata that has a byte of its own.</summary>
    public const int MaxLengthWithoutMetadata = 6 + 6 + 9 + ClientIdLength + 1;

    /// <summary>What every browser extension sends with every payment.</summary>
    private const string WebMonetization = """{"source":"Web Monetization"}""";

    private const byte WebMonetizationCode = 1;
    private const int ClientIdLength = 16;

    /// <summary>How many bytes a metadata text takes.</summary>
    public static int LengthOf(string? metadata) =>
        metadata is null ? 0 : metadata == WebMonetization ? 1 : Encoding.UTF8.GetByteCount(metadata);

    public static byte[] Write(IncomingPayment payment)
    {
        var made = payment.CreatedAt.ToUnixTimeMilliseconds();
        var text = new byte[3 * 10 + ClientIdLength + LengthOf(payment.Metadata)];
        var at = Put(text, 0, (ulong)made);
        at = Put(text, at, (ulong)(payment.ExpiresAt.ToUnixTimeMilliseconds() - made));
        at = Put(text, at, payment.IncomingAmount ?? 0);
        Convert.FromHexString(payment.ClientId).CopyTo(text, at);
        at += ClientIdLength;
        if (payment.Metadata == WebMonetization) text[at++] = WebMonetizationCode;
        else if (payment.Metadata is { } metadata) at += Encoding.UTF8.GetBytes(metadata, text.AsSpan(at));
        return text[..at];
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null for other bytes.</summary>
    public static IncomingPayment? Read(string account, Guid id, ReadOnlySpan<byte> text)
    {
        if (!TryTake(ref text, out var made) || !TryTake(ref text, out var lasts) || !TryTake(ref text, out var amount)
            || text.Length < ClientIdLength || made > long.MaxValue / 100_000 || lasts > long.MaxValue / 100_000)
            return null;
        var client = Convert.ToHexStringLower(text[..ClientIdLength]);
        var metadata = text[ClientIdLength..];
        var createdAt = DateTimeOffset.FromUnixTimeMilliseconds((long)made);
        return new IncomingPayment(
            id, account, client, amount == 0 ? null : amount, 0, false, createdAt, createdAt.AddMilliseconds(lasts),
            metadata switch
            {
                [] => null,
                [WebMonetizationCode] => WebMonetization,
                _ => Encoding.UTF8.GetString(metadata),
            });
    }

    private static int Put(byte[] text, int at, ulong value)
    {
        for (; value > 0x7F; value >>= 7) text[at++] = (byte)(value | 0x80);
        text[at] = (byte)value;
        return at + 1;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        for (var at = 0; at < text.Length && at < 10; at++)
        {
            value |= (ulong)(text[at] & 0x7F) << (7 * at);
            if (text[at] > 0x7F) continue;
            text = text[(at + 1)..];
            return true;
        }
        return false;
    }
}
