using System.Text.Json.Nodes;
using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Receiving;

/// <summary>
/// The client of a host's own wallet: makes incoming payments there, reads what arrived on them, and completes them. One grant, which needs
/// no consent, serves all of them; it is kept in memory, its token rotated before its end, and requested anew once it is refused.
/// </summary>
/// <param name="calls">Sends the requests, signed with the client's key.</param>
/// <param name="client">Who the client is.</param>
/// <param name="time">The clock of the token.</param>
public sealed class ReceivingClient(WalletCalls calls, ClientIdentity client, TimeProvider time)
{
    private const string Payments = "/incoming-payments";

    private readonly Lock _lock = new();
    private ReceivingGrant? _grant;

    /// <summary>
    /// Fetches the document of a wallet address. Follows up to three redirects, as from the owner's own domain to the wallet; each is
    /// guarded as the first request is.
    /// </summary>
    public Task<WalletAnswer<PayerWallet>> LookUpAsync(Uri walletAddress, CancellationToken cancellation) =>
        calls.LookUpAsync(walletAddress, null, cancellation);

    /// <summary>
    /// Makes an incoming payment, with the means to pay it. Never repeated by itself: if the wallet's answer is lost, the wallet has a
    /// payment that nobody knows, which is never paid and ends by itself.
    /// </summary>
    /// <param name="wallet">The wallet, from <see cref="LookUpAsync"/>.</param>
    /// <param name="payment">What is wanted.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<WalletAnswer<ReceivingPayment>> CreateAsync(
        PayerWallet wallet, NewReceivingPayment payment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wallet);
        ArgumentNullException.ThrowIfNull(payment);
        var url = new Uri(wallet.ResourceServer.AbsoluteUri.TrimEnd('/') + Payments);
        var answer = await CallAsync(wallet, HttpMethod.Post, url, payment.ToJson(wallet), cancellation);
        // One that accepts another amount, or cannot be paid, is not what was asked for.
        return answer.IsGood && (answer.Value.Method is null || answer.Value.IncomingAmount != payment.IncomingAmount)
            ? WalletAnswer<ReceivingPayment>.Failed(WalletFault.NotAWallet)
            : answer;
    }

    /// <summary>
    /// Reads an incoming payment. <see cref="WalletFault.Gone"/> if the wallet does not know it. Some wallets answer 401 for one that ended
    /// unpaid: <see cref="WalletFault.Refused"/> with that <see cref="WalletAnswer{T}.Status"/>, after the end, means the same.
    /// </summary>
    /// <param name="wallet">The wallet, from <see cref="LookUpAsync"/>.</param>
    /// <param name="payment">The URL that <see cref="CreateAsync"/> gave.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<WalletAnswer<ReceivingPayment>> ReadAsync(PayerWallet wallet, Uri payment, CancellationToken cancellation) =>
        CallAtAsync(wallet, payment, HttpMethod.Get, "", cancellation);

    /// <summary>Completes an incoming payment, so that it accepts no more; one that is completed already is only read.</summary>
    /// <param name="wallet">The wallet, from <see cref="LookUpAsync"/>.</param>
    /// <param name="payment">The URL that <see cref="CreateAsync"/> gave.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// The payment as it stands. <see cref="WalletFault.Trouble"/>, with the status, if the wallet refuses and it still accepts money.
    /// </returns>
    public async Task<WalletAnswer<ReceivingPayment>> CompleteAsync(PayerWallet wallet, Uri payment, CancellationToken cancellation)
    {
        var answer = await CallAtAsync(wallet, payment, HttpMethod.Post, "/complete", cancellation);
        if (answer.Fault != WalletFault.Refused) return answer;
        // Wallets have several statuses for one that accepts no more, and some refuse to complete it while they still read it.
        var read = await ReadAsync(wallet, payment, cancellation);
        return read.Value is { Completed: false, Method: not null } ? answer with { Fault = WalletFault.Trouble } : read;
    }

    private async Task<WalletAnswer<ReceivingPayment>> CallAtAsync(
        PayerWallet wallet, Uri payment, HttpMethod method, string path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wallet);
        ArgumentNullException.ThrowIfNull(payment);
        if (!ReceivingPaymentReader.IsAt(wallet, payment)) return WalletAnswer<ReceivingPayment>.Failed(WalletFault.NotAWallet);
        var url = path.Length == 0 ? payment : new Uri(payment.AbsoluteUri + path);
        var answer = await CallAsync(wallet, method, url, null, cancellation);
        // What arrived on another payment must not be taken for what arrived on this one.
        if (answer.IsGood && answer.Value.Url != payment) return WalletAnswer<ReceivingPayment>.Failed(WalletFault.NotAWallet);
        return answer is { Fault: WalletFault.Refused, Status: 404 or 410 } ? answer with { Fault = WalletFault.Gone } : answer;
    }

    private async Task<WalletAnswer<ReceivingPayment>> CallAsync(
        PayerWallet wallet, HttpMethod method, Uri url, JsonObject? body, CancellationToken cancellation)
    {
        var grant = GrantOf(wallet);
        var token = await grant.GetAsync().WaitAsync(cancellation);
        if (!token.IsGood) return token.As<ReceivingPayment>();
        var response = await SendAsync(token.Value);
        if (IsRefused(response) && grant.MayHelp(token.Value))
        {
            // A refused call has done nothing at the wallet, so that a create may be repeated too.
            token = await grant.GetAsync(refused: token.Value).WaitAsync(cancellation);
            if (!token.IsGood) return token.As<ReceivingPayment>();
            response = await SendAsync(token.Value);
            if (IsRefused(response)) grant.WasInVain();
        }
        if (response.Fault != WalletFault.None)
            return WalletAnswer<ReceivingPayment>.Failed(
                response is { Fault: WalletFault.Refused, Status: >= 300 and < 400 } ? WalletFault.NotFollowed : response.Fault, response);
        var fault = ReceivingPaymentReader.Read(response.Json, wallet, out var payment);
        return payment is null
            ? WalletAnswer<ReceivingPayment>.Failed(fault, response)
            : WalletAnswer<ReceivingPayment>.Of(payment);

        Task<WalletResponse> SendAsync(GrantToken used) => body is null
            ? calls.SendAsync(method, url, used.Text, cancellation)
            : calls.PostAsync(url, body, used.Text, cancellation);
    }

    private static bool IsRefused(WalletResponse response) => response.Status is 401 or 403;

    private ReceivingGrant GrantOf(PayerWallet wallet)
    {
        lock (_lock) return _grant?.IsOf(wallet) == true ? _grant : _grant = new ReceivingGrant(calls, client, wallet, time);
    }
}
