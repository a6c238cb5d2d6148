using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;
using OpenPayments.Net;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;

namespace Codius.Web.Payments.HostWallet;

/// <summary>Creates the payment at the host's wallet that an incoming payment of ours leads to.</summary>
internal sealed partial class WalletPaymentCreator(
    HostWalletState state, ReceivingClient client, WalletCallBudget budget, WalletPaymentSchedule schedule, WireAsset wire, HostNames names,
    PaymentsHealth health, ILogger<WalletPaymentCreator> log)
{
    /// <summary>Wallets make none that ends more than 30 or 40 days ahead, by their own clocks.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(29);

    private int _refusedMetadata = int.MaxValue;

    /// <summary>Creates it and keeps its record, from which what it receives is credited.</summary>
    /// <param name="wanted">Our payment, in units of the wire.</param>
    /// <param name="from">The client, which shares the budget of calls and of records with others.</param>
    /// <param name="hot">True if the payer will not read our payment before it pays: it is looked at without a hint.</param>
    /// <param name="cancellation">Ends the wait for the budget; what is begun is finished.</param>
    /// <returns>Our payment, which ends with the wallet's at the latest, and its record.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">There is none, and no payer was given one.</exception>
    /// <remarks>
    /// A crash, or a lost answer, before the record is kept leaves a payment at the wallet that no payer knows: it ends unpaid and costs
    /// nobody. After the record is kept, whatever the payer pays is credited.
    /// </remarks>
    public async Task<(IncomingPayment Payment, WalletPayment Record)> CreateAsync(
        IncomingPayment wanted, IPAddress? from, bool hot, CancellationToken cancellation)
    {
        if (state.Usable is not { } wallet) throw Unavailable(state.Fault ?? "the host's wallet is not known yet");
        if (wanted.ExpiresAt > wanted.CreatedAt + Longest) wanted = wanted with { ExpiresAt = wanted.CreatedAt + Longest };
        if (!await budget.WaitAsync(from, cancellation)) throw Unavailable("the host's wallet gets as many calls as it may");
        var answer = await CreateAsync(wallet, wanted);
        if (answer.RetryAfter is { } pause) budget.Pause(pause);
        // The payer chose what it refuses, such as an end that is too near: no failure of the wallet.
        if (answer is { Fault: WalletFault.Refused, Status: 400 }) throw Unavailable($"it does not take this one: {answer.Detail}");
        if (!answer.IsGood) throw Failed($"it made no payment: {answer.Fault} {answer.Status} {answer.Detail}".TrimEnd());
        var made = answer.Value;
        // Of one that has received something already, what came before would be credited here.
        if (made.Method is not { } method || made.Completed || made.ReceivedAmount > 0)
            throw Failed("it made a payment that cannot be paid");
        if (made.AssetCode != wire.Code || made.AssetScale != wire.Scale || made.IncomingAmount != wanted.IncomingAmount)
            throw Failed("it made a payment of another amount or asset");

        var payment = made.ExpiresAt is { } end && end < wanted.ExpiresAt
            ? wanted with { ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds()) }
            : wanted;
        var record = new WalletPayment(payment.Id, AccountId.OfApp(payment.Account), payment.ClientId, made.Url, method.IlpAddress,
            Base64Url.EncodeToString(method.SharedSecret), InLedger(payment.IncomingAmount), payment.CreatedAt, payment.ExpiresAt,
            Base64Url.EncodeToString(payment.ToTerms()));
        try
        {
            if (!await schedule.TryOpenAsync(record, from, hot)) throw Unavailable("the host has as many open payments as it may");
        }
        catch (LedgerUnavailableException trouble)
        {
            throw new OpenPaymentsUnavailableException(trouble.Message, trouble);
        }
        catch (ArgumentException tooLong)
        {
            throw Failed(tooLong.Message);
        }
        health.RecordRecovery();
        return (payment, record);
    }

    /// <summary>With metadata that names the account, for the wallet's owner; without, where the wallet does not take so much.</summary>
    private async Task<WalletAnswer<ReceivingPayment>> CreateAsync(PayerWallet wallet, IncomingPayment wanted)
    {
        // Anybody who knows the wallet's URL can read it: only what the payer knows already.
        var metadata = new JsonObject { ["account"] = wanted.Account, ["host"] = names.Domain };
        var length = metadata.ToJsonString().Length;
        var payment = new NewReceivingPayment(wanted.IncomingAmount, wanted.ExpiresAt, metadata);
        if (length >= Volatile.Read(ref _refusedMetadata)) payment = payment with { Metadata = null };
        var answer = await client.CreateAsync(wallet, payment, CancellationToken.None);
        if (payment.Metadata is null || answer is not { Fault: WalletFault.Refused, Status: 400 }) return answer;
        // A refused create has made nothing.
        answer = await client.CreateAsync(wallet, payment with { Metadata = null }, CancellationToken.None);
        if (answer.IsGood) Volatile.Write(ref _refusedMetadata, length);
        return answer;
    }

    // An amount that no account can hold is as good as the most that one can: the account is full before the payment is.
    private ulong? InLedger(ulong? amount) =>
        amount is not { } incoming ? null : wire.TryToLedger(incoming, out var units) ? units : Asset.MaxAmount;

    private OpenPaymentsUnavailableException Failed(string why)
    {
        health.RecordWalletFailure($"the receiving wallet failed: {why}.");
        LogFailed(why);
        return Unavailable(why);
    }

    private static OpenPaymentsUnavailableException Unavailable(string why)
    {
        PaymentsMeter.Refused("host wallet", "no payment");
        return new OpenPaymentsUnavailableException($"No payment can be made at the host's wallet: {why}.");
    }

    [LoggerMessage(LogLevel.Warning, "No payment can be made at the host's wallet: {Why}")]
    private partial void LogFailed(string why);
}
