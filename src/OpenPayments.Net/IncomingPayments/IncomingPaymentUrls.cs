using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Codius.Shared;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>
/// The URLs of incoming payments, <c>{origin}/op/{account}/{sealed terms}/incoming-payments/{id}</c>: an unpaid payment is stored nowhere
/// but in its own URL. Only this host can make or read the terms, for this account and this id.
/// </summary>
/// <param name="options">The origin, the paths, and the keys: the first one seals, all open.</param>
public sealed class IncomingPaymentUrls(OpenPaymentsOptions options)
{
    // Which one sealed a URL says what its creator is: that costs no place in the URL.
    private static readonly byte[] Label = "incoming payment"u8.ToArray();
    private static readonly byte[] LabelOfWalletAddress = "incoming payment by a wallet address"u8.ToArray();

    /// <summary>The characters of the sealed terms that every payment may need: any amount, Web Monetization's metadata.</summary>
    internal static readonly int LongestSealed =
        Base64Url.GetEncodedLength(PaymentTerms.MaxLengthWithoutMetadata + AesGcmSeal.OverheadOnce);

    /// <summary>A payment's URL: at most 255 characters if its metadata is at most <see cref="RoomForMetadata"/>.</summary>
    public string UrlOf(IncomingPayment payment) => UrlOf(payment, ofWalletAddress: false);

    /// <summary>
    /// The same; the URL keeps whether its creator is a wallet address that showed its key, see
    /// <see cref="Grants.GrantedClients.CreatorOf"/>.
    /// </summary>
    internal string UrlOf(IncomingPayment payment, bool ofWalletAddress)
    {
        ArgumentNullException.ThrowIfNull(payment);
        var key = KeyOf(options.TokenKeys[0], payment.Id, ofWalletAddress ? LabelOfWalletAddress : Label);
        var terms = AesGcmSeal.SealOnce(key, PaymentTerms.Write(payment), Associated(payment.Account));
        return UrlOf(payment.Account, Base64Url.EncodeToString(terms), payment.Id);
    }

    /// <summary>How many bytes of metadata fit into the URL and the ILP address of such a payment.</summary>
    /// <param name="payment">The payment; its own metadata does not count.</param>
    public int RoomForMetadata(IncomingPayment payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        var terms = PaymentTerms.Write(payment with { Metadata = null }).Length;
        var characters = OpenPaymentsOptions.MaxStoredLength - UrlOf(payment.Account, "", payment.Id).Length;
        return Math.Min(characters * 3 / 4 - AesGcmSeal.OverheadOnce, IncomingPayment.MaxTermsLength) - terms;
    }

    /// <summary>Opens the terms in a URL's path.</summary>
    /// <returns>False if this host did not make the URL.</returns>
    internal bool TryOpen(string account, string sealedTerms, Guid id, [NotNullWhen(true)] out IncomingPayment? payment) =>
        TryOpen(account, sealedTerms, id, LabelOfWalletAddress, out payment) || TryOpen(account, sealedTerms, id, Label, out payment);

    /// <summary>The same for what a wallet address made alone.</summary>
    internal bool TryOpenOfWalletAddress(string account, string sealedTerms, Guid id, [NotNullWhen(true)] out IncomingPayment? payment) =>
        TryOpen(account, sealedTerms, id, LabelOfWalletAddress, out payment);

    internal string UrlOf(string account, string sealedTerms, Guid id) =>
        $"{options.ResourceServerOf(account)}/{sealedTerms}/incoming-payments/{id}";

    private bool TryOpen(
        string account, string sealedTerms, Guid id, byte[] label, [NotNullWhen(true)] out IncomingPayment? payment)
    {
        payment = null;
        if (sealedTerms.Length > OpenPaymentsOptions.MaxStoredLength || !Base64Url.IsValid(sealedTerms)) return false;
        var bytes = Base64Url.DecodeFromChars(sealedTerms);
        if (Base64Url.EncodeToString(bytes) != sealedTerms) return false; // with padding, or other unused bits
        foreach (var key in options.TokenKeys)
            if (AesGcmSeal.OpenOnce(KeyOf(key, id, label), bytes, Associated(account)) is { } terms)
                return (payment = PaymentTerms.Read(account, id, terms)) is not null;
        return false;
    }

    // Each id is new and random, so each key seals one text: no nonce is needed in a URL that has no room for one.
    private static byte[] KeyOf(byte[] key, Guid id, byte[] label) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, OpenPaymentsOptions.KeyLength, id.ToByteArray(bigEndian: true), label);

    private static byte[] Associated(string account) => Encoding.UTF8.GetBytes(account);
}
