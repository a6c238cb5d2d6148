using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Payments.Setup;
using Interledger.Net;
using Interledger.Net.Receipts;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.TopUp;

/// <summary>
/// Verifies a receipt that the receiving wallet signed with a secret of ours, and credits its increase. The MAC is checked before the
/// ledger is called.
/// </summary>
internal sealed class ReceiptVerifier(
    PaymentCrediting crediting, ReceiptSecrets secrets, PayableAccounts accounts, WireAsset wire,
    HostWalletState wallet, IOptions<PaymentsOptions> options)
{
    /// <summary>A receipt in base64, in characters.</summary>
    public const int Length = 80;

    /// <summary>The host's own book of receipts verified by <c>/verify</c>.</summary>
    public static AccountId Verified { get; } = AccountId.OfBook("verified");

    public async ValueTask<ReceiptOutcome> CreditAsync(AccountId account, string base64)
    {
        if (!StreamReceipt.TryDecode(base64, out var bytes, out _)) return ReceiptOutcome.Malformed;
        if (!StreamReceipt.TryReadUnverified(bytes, out var receipt, out var error))
            return error == WireError.UnsupportedVersion ? ReceiptOutcome.InvalidVersion : ReceiptOutcome.Malformed;
        if (!secrets.Candidates(receipt.Nonce, account).Any(secret => StreamReceipt.TryVerify(bytes, secret, out _, out _)))
            return ReceiptOutcome.InvalidHmac;

        var nonce = IssuedNonce.Read(receipt.Nonce);
        // A bound receipt was promised to its account, which may no longer exist; an unbound one goes only to an account that exists.
        if (nonce.Unbound && account != Verified && !accounts.TryFind(account.ToString(), out _)) return ReceiptOutcome.NoSuchAccount;
        if (!wire.IsKnown || wallet.Fault is not null) return ReceiptOutcome.ScaleUnknown;
        // Its total is in units of the wallet that was paid, which may not be the host's any more; the account's in units of the ledger.
        if (!wire.TryTotalToLedger(receipt.TotalReceived, nonce.Scale, out var total)) return ReceiptOutcome.TotalTooLarge;
        var credit = await crediting.CreditAsync(new ReceiptCredit(
            account, Bytes(receipt.Nonce), receipt.StreamId, total, nonce.IssuedAt,
            nonce.IssuedAt + options.Value.ReceiptLifetime, nonce.Unbound));
        return ReceiptOutcome.Of(credit, total);
    }

    private static byte[] Bytes(ReceiptNonce nonce)
    {
        var bytes = new byte[ReceiptNonce.Length];
        nonce.CopyTo(bytes);
        return bytes;
    }
}
