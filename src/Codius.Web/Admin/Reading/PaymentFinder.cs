using System.Buffers.Text;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Marks;

namespace Codius.Web.Admin.Reading;

/// <summary>Finds a payment into an account by what its payer can show.</summary>
internal sealed class PaymentFinder(IBooks books, CreditMarks marks)
{
    private const int PageSize = 1_000;

    /// <summary>The entries of the account's statement with a reference: an incoming payment's or a connection's id, a receipt's
    /// nonce.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<StatementEntry>> ByReferenceAsync(
        AccountId account, string reference, CancellationToken cancellation)
    {
        // All entries that there are in full: about a thousand.
        var (found, cursor) = (new List<StatementEntry>(), default(string));
        do
        {
            var page = await books.ReadEntriesAsync(account, cursor, PageSize, cancellation);
            found.AddRange(page.Entries.Where(entry => entry.Reference == reference || entry.Id == reference));
            cursor = page.Next;
        }
        while (cursor is not null);
        return found;
    }

    /// <summary>True if the packet with an execution condition (32 bytes) was credited a short time ago.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<bool> HasPacketAsync(AccountId account, byte[] condition) => await marks.HasPacketAsync(account, condition);

    /// <summary>What was credited to the account of each stream of a receipt's nonce (16 bytes).</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyDictionary<string, ulong>> ByNonceAsync(AccountId account, byte[] nonce) =>
        await marks.ReceiptTotalsAsync(account, nonce);

    /// <summary>Reads bytes that are written as base64 or base64url, or in hexadecimal; null unless there are so many.</summary>
    public static byte[]? Bytes(string? text, int length)
    {
        if (text is null || text.Length > 2 * length) return null;
        if (text.Length == 2 * length && text.All(char.IsAsciiHexDigit)) return Convert.FromHexString(text);
        var url = text.Replace('+', '-').Replace('/', '_').TrimEnd('=');
        return Base64Url.IsValid(url, out var decoded) && decoded == length ? Base64Url.DecodeFromChars(url) : null;
    }
}
