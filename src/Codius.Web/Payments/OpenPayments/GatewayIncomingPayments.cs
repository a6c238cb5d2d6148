using System.Buffers.Text;
using System.Net;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;
using Interledger.Net.Streaming.Receiving;
using OpenPayments.Net;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>Incoming payments in the ledger: the receiver's view of them, and the STREAM address that pays each.</summary>
internal sealed class GatewayIncomingPayments(IncomingLedger ledger, StreamReceiver receiver, WireAsset wire)
    : IIncomingPayments, IPaymentMethods
{
    /// <summary>What the first packet of a payment stores; null if its address names no payment with terms.</summary>
    public static IncomingTerms? TermsOf(StreamTokenClaims claims, WireAsset wire, HostNames names) =>
        IncomingPayment.OfTerms(claims.AccountId, claims.IncomingPayment, claims.IncomingPaymentTerms.Span) is { } payment
            ? new IncomingTerms(payment.Id, payment.ClientId, InLedger(payment.IncomingAmount, wire), payment.CreatedAt,
                payment.ExpiresAt, Base64Url.EncodeToString(claims.IncomingPaymentTerms.Span), PayerMetadata.PayerOf(payment, names))
            : null;

    public ValueTask<IncomingPayment> ReadAsync(IncomingPayment made, CancellationToken cancellation) => RunAsync(async () =>
        Read(made, await ledger.FindAsync(AccountId.OfApp(made.Account), made.Id))
            ?? made with { Completed = await ledger.IsCompletedUnpaidAsync(made.Id) });

    public ValueTask<IncomingPayment> CompleteAsync(IncomingPayment made, IPAddress? from, CancellationToken cancellation) =>
        RunAsync(async () =>
        {
            var account = AccountId.OfApp(made.Account);
            return Read(made, await ledger.CompleteAsync(account, made.Id))
                ?? Read(made, await ledger.CompleteUnpaidAsync(account, made.Id, made.ExpiresAt, from))
                ?? made with { Completed = true };
        });

    public ValueTask<IncomingPaymentPage?> ListAsync(string account, string clientId, PageRequest page, CancellationToken cancellation) =>
        RunAsync(async () =>
            await ledger.ListAsync(AccountId.OfApp(account), clientId, page.Count, page.Cursor, page.Back) is { } found
                ? new IncomingPaymentPage(
                    [.. found.Payments.Select(record => Read(Made(account, record), record)).OfType<IncomingPayment>()],
                    found.HasNext, found.HasPrevious)
                : null);

    public ValueTask<PaymentMethod?> MethodForAsync(IncomingPayment payment, CancellationToken cancellation)
    {
        var credentials = receiver.Create(new StreamTokenClaims
        {
            AccountId = payment.Account,
            ExpiresAt = payment.ExpiresAt,
            IncomingPayment = payment.Id,
            IncomingPaymentTerms = payment.ToTerms(),
        });
        return ValueTask.FromResult<PaymentMethod?>(new PaymentMethod(
            credentials.DestinationAccount.ToString(), Convert.FromBase64String(credentials.SharedSecret.ToBase64())));
    }

    // An amount that no account can hold is as good as the most that one can: the account is full before the payment is.
    private static ulong? InLedger(ulong? amount, WireAsset wire) =>
        amount is not { } incoming ? null : wire.TryToLedger(incoming, out var units) ? units : Asset.MaxAmount;

    /// <summary>What the ledger knows of a payment at the host's wallet, with its payer.</summary>
    public static IncomingTerms TermsOf(WalletPayment payment, HostNames names) => payment.ToTerms() with
    {
        // Terms that cannot be read name no payer, and the credit goes on: money does not wait for a statement's text.
        Payer = Base64Url.IsValid(payment.Terms)
            && IncomingPayment.OfTerms(payment.Account.ToString(), payment.Id, Base64Url.DecodeFromChars(payment.Terms)) is { } made
            ? PayerMetadata.PayerOf(made, names)
            : null,
    };

    private static IncomingPayment? Made(string account, IncomingRecord record) =>
        IncomingPayment.OfTerms(account, record.Id, Base64Url.DecodeFromChars(record.Terms));

    private IncomingPayment? Read(IncomingPayment? made, IncomingRecord? record) =>
        record is null || made is null ? null
            : made with { ReceivedAmount = wire.ToWireDown(record.Received), Completed = record.Completed };

    /// <summary>Runs a command whose failure the library answers with 503.</summary>
    public static async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> command)
    {
        try
        {
            return await command();
        }
        catch (LedgerUnavailableException exception)
        {
            throw new OpenPaymentsUnavailableException(exception.Message, exception);
        }
    }
}
