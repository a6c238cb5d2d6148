namespace Interledger.Net.Receipts;

/// <summary>What a receiver needs to give receipts on a connection (RFC 39): the two headers <c>Receipt-Nonce</c> and <c>Receipt-Secret</c>.</summary>
/// <param name="Nonce">Tells the connection.</param>
/// <param name="Secret">Signs.</param>
public sealed record ReceiptSetup(ReceiptNonce Nonce, ReceiptSecret Secret);
