using System.Net;
using System.Security.Cryptography;
using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;
using Codius.Web.Payments.OpenPayments;
using Microsoft.Extensions.Options;
using OpenPayments.Net;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Paying;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>
/// Prepares a payment at a visitor's wallet, up to the redirect to the wallet's own page.
/// <code>
/// look the wallet up ──► our incoming payment, of a fixed amount ──► quote ──► request consent, limited to the quote
/// </code>
/// If the visitor leaves, nothing needs cleaning up: our incoming payment ends within an hour.
/// </summary>
internal sealed class OwnWalletFlow(
    WalletCalls calls, IncomingPaymentUrls urls, IIncomingPayments payments, HostNames names, Asset asset, WireAsset wire,
    TimeProvider time, LiveGateways gateways, IOptions<PaymentsOptions> options)
{
    private static readonly TimeSpan PaymentLifetime = TimeSpan.FromHours(1);

    // A visitor chooses the host. Those who have paid from it before, from the same network, have a half of its budget for themselves.
    private readonly OutboundBudget _wallets = new(time, perHost: new(10, 100), perCaller: new(1, 10), () => gateways.Count);
    private readonly OutboundBudget _everywhere = new(time, perHost: new(40, 200), perCaller: new(5, 50));
    private readonly PaidWallets _paid = new(time);

    /// <summary>The client as wallets see it: the app's own wallet address, whose keys are the gateway's.</summary>
    public PayingClient ClientOf(string app) => new(calls, names.WalletAddressOf(app), time);

    public async Task<Prepared> PrepareAsync(HostedApp app, Uri address, AmountChoice choice, ulong units, string back,
        IPAddress? visitor, CancellationToken cancellation)
    {
        string? refused = null;
        var admitted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var client = ClientOf(app.Name);
        var found = address;
        var wallet = await client.LookUpAsync(address, cancellation, url => (refused = Refusal(found = url)) is null);
        if (!wallet.IsGood) return Prepared.Failed(refused ?? WalletMessages.OfLookUp(wallet.Fault));
        if ((Refusal(wallet.Value.AuthServer) ?? Refusal(wallet.Value.ResourceServer)) is { } elsewhere) return Prepared.Failed(elsewhere);
        if (await PaymentOfAsync(app, units, PayerOf(wallet.Value, found), visitor, cancellation) is not { } payment)
            return Prepared.Failed(WalletMessages.HostUnavailable);
        var quote = await client.QuoteAsync(wallet.Value, payment, cancellation);
        if (!quote.IsGood) return Prepared.Failed(WalletMessages.OfQuote(quote.Fault, quote.Detail));
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var pending = await client.AskForConsentAsync(wallet.Value, quote.Value,
            new Uri($"{names.OriginOf(app.Name)}{WalletFormModel.Path}/return"), nonce, cancellation);
        // A wallet's page over plain http would expose its owner's session to the network.
        if (!pending.IsGood || (pending.Value.Redirect.Scheme != Uri.UriSchemeHttps && options.Value.InsecureClients != true))
            return Prepared.Failed(WalletMessages.OfQuote(pending.IsGood ? WalletFault.NotAWallet : pending.Fault, pending.Detail));

        var ends = time.GetUtcNow() + ConsentCookie.Lifetime;
        return new Prepared(null,
            new Consent(nonce, pending.Value.FinishNonce, wallet.Value.AuthServer, pending.Value.ContinueUri, pending.Value.ContinueToken,
                wallet.Value.ResourceServer, wallet.Value.Id, quote.Value.Id, back, ends.ToUnixTimeSeconds(), pending.Value.ContinueAt,
                pending.Value.Wait, choice, units),
            new ConsentModel
            {
                App = AppIntroModel.Of(app).Called,
                Wallet = wallet.Value.PublicName,
                Debit = Money.Of(quote.Value.DebitAmount, new Asset(wallet.Value.AssetCode, wallet.Value.AssetScale)),
                Arrives = Money.Of(units, asset),
                Redirect = pending.Value.Redirect.AbsoluteUri,
                RedirectHost = pending.Value.Redirect.Authority,
                Back = back,
            });

        // Every host that the address leads to is limited as the first one: redirects and the document choose hosts too.
        string? Refusal(Uri url) =>
            names.IsPaidHere(url.IdnHost) ? WalletInput.OwnAddress
            : admitted.Add(url.IdnHost) && !MayCall(visitor, url)
                ? WalletMessages.TooManyRequests
                : null;
    }

    /// <summary>A visitor's wallet has made a payment, at this URL.</summary>
    public void Paid(IPAddress? visitor, Uri url) => _paid.Add(visitor, url.IdnHost);

    private bool MayCall(IPAddress? visitor, Uri url) =>
        _paid.HasPaid(visitor, url.IdnHost) is var hasPaid && _everywhere.TryAcquire(visitor, "", hasPaid)
        && _wallets.TryAcquire(visitor, url.IdnHost, hasPaid);

    // A document may name a wallet address that it does not come from, such as another person's; or its own, with a name or a fragment
    // that looks like one, which is not compared.
    private static string? PayerOf(PayerWallet wallet, Uri found) =>
        Uri.TryCreate(wallet.Id, UriKind.Absolute, out var id) && id == found && id is { UserInfo: "", Fragment: "" }
            ? found.AbsoluteUri
            : null;

    /// <summary>The URL of a new incoming payment; null if the host cannot receive one now.</summary>
    private async Task<string?> PaymentOfAsync(
        HostedApp app, ulong units, string? payer, IPAddress? visitor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var wanted = IncomingPayment.New(
            app.Name, IncomingPayment.ClientIdOf(names.WalletAddressOf(app.Name)), wire.ToWireUp(units), now, now + PaymentLifetime);
        if (payer is not null) wanted = wanted with { Metadata = PayerMetadata.Of(payer, urls.RoomForMetadata(wanted)) };
        try
        {
            return urls.UrlOf(await payments.CreateAsync(wanted, visitor, cancellation));
        }
        catch (OpenPaymentsUnavailableException)
        {
            return null;
        }
    }
}

/// <summary>A payment that waits for its payer's consent, or the error message.</summary>
internal sealed record Prepared(string? Error, Consent? Consent, ConsentModel? Model)
{
    public static Prepared Failed(string error) => new(error, null, null);
}
