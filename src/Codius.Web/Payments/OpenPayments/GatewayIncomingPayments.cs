using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Secrets;
using Interledger.Net.Streaming.Receiving;
using Microsoft.Extensions.Options;
using OpenPayments.Net;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>Incoming payments in the ledger: the receiver's view of them, and the STREAM address that pays each.</summary>
internal sealed class GatewayIncomingPayments(IncomingLedger ledger, StreamReceiver receiver, HostSecrets secrets,
    IOptions<PaymentsOptions> options, TimeProvider time)
    : IIncomingPayments, IPaymentMethods
{
    private const string Endpoint = "incoming payments";
    private readonly byte[] _clientKey = secrets.Current.Derive("incoming payments' clients");

    public async ValueTask<CreationOutcome> CreateAsync(IncomingPayment payment, IPAddress? from, CancellationToken cancellation)
    {
        var record = new IncomingRecord(payment.Id, AccountId.OfApp(payment.Account), payment.IncomingAmount, 0, false, payment.ExpiresAt,
            JsonSerializer.Serialize(new Document(payment.ClientId, payment.CreatedAt, payment.Metadata)));
        var limits = options.Value;
        switch (await RunAsync(() =>
            ledger.CreateAsync(record, limits.MaxOpenIncomingPayments, ClientOf(from), limits.MaxOpenIncomingPaymentsPerClient)))
        {
            case IncomingOutcome.Created:
                return CreationOutcome.Created;
            case IncomingOutcome.TooManyOfClient:
                PaymentsMeter.Refused(Endpoint, "too many open, by client");
                return CreationOutcome.TooManyOfClient;
            default:
                PaymentsMeter.Refused(Endpoint, "too many open, by account");
                return CreationOutcome.TooManyOfAccount;
        }
    }

    public ValueTask<IncomingPayment?> FindAsync(string account, Guid id, CancellationToken cancellation) =>
        RunAsync(async () => Read(await ledger.FindAsync(AccountId.OfApp(account), id)));

    public ValueTask<IncomingPayment?> CompleteAsync(string account, Guid id, CancellationToken cancellation) =>
        RunAsync(async () => Read(await ledger.CompleteAsync(AccountId.OfApp(account), id)));

    public ValueTask<IReadOnlyList<IncomingPayment>> ListAsync(string account, string clientId, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<IncomingPayment>>(async () =>
            [.. (await ledger.ListAsync(AccountId.OfApp(account))).Select(Read).OfType<IncomingPayment>()
                .Where(payment => payment.ClientId == clientId).OrderBy(payment => payment.CreatedAt)]);

    public (string IlpAddress, byte[] SharedSecret) MethodFor(IncomingPayment payment)
    {
        var credentials = receiver.Create(
            new StreamTokenClaims { AccountId = payment.Account, ExpiresAt = payment.ExpiresAt, IncomingPayment = payment.Id });
        return (credentials.DestinationAccount.ToString(), Convert.FromBase64String(credentials.SharedSecret.ToBase64()));
    }

    // The store counts clients; it needs a keyed hash of the address only, not the address.
    private string ClientOf(IPAddress? from) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_clientKey, ClientNetwork.Of(from).ToAddress().GetAddressBytes()).AsSpan(0, 12));

    /// <summary>Reads a record; null for one that expired unpaid, which wallets expect to be gone.</summary>
    private IncomingPayment? Read(IncomingRecord? record)
    {
        if (record is null || (record.Received == 0 && record.ExpiresAt <= time.GetUtcNow())) return null;
        var document = JsonSerializer.Deserialize<Document>(record.Document)!;
        // Documents of earlier versions name the client itself, by a URL or as jwk:..., and not by its id.
        var client = document.Client.Contains(':', StringComparison.Ordinal) ? IncomingPayment.ClientIdOf(document.Client)
            : document.Client;
        return new IncomingPayment(record.Id, record.Account.ToString(), client, record.IncomingAmount, record.Received, record.Completed,
            document.CreatedAt, record.ExpiresAt, document.Metadata);
    }

    private static async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> command)
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

    /// <summary>The part of a payment that the ledger stores without reading it.</summary>
    private sealed record Document(string Client, DateTimeOffset CreatedAt, string? Metadata);
}
