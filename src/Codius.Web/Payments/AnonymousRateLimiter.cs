using Codius.Shared;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;
using OpenPayments.Net;
using OpenPayments.Net.Grants;

namespace Codius.Web.Payments;

/// <summary>Limits the request rate of payers: they need no token, and their requests read the store.</summary>
internal sealed class AnonymousRateLimiter(IOptions<PaymentsOptions> options, LiveGateways gateways, TimeProvider time)
    : IGrantRateLimiter
{
    public const string Grants = "grants";

    private const int ClientsPerAddress = 5;

    private readonly BucketRate _perGrantee = new(options.Value.PerGrantClient, options.Value.PerGrantClientBurst);
    private readonly BucketRate _perAddress =
        new(ClientsPerAddress * options.Value.PerGrantClient, ClientsPerAddress * options.Value.PerGrantClientBurst);
    private readonly TokenBuckets<(string Endpoint, string Client)> _grantees =
        new(time, options.Value.PerGrantClient, options.Value.PerGrantClientBurst);
    private readonly ClientBuckets _granteesOfAddress =
        new(time, new(ClientsPerAddress * options.Value.PerGrantClient, ClientsPerAddress * options.Value.PerGrantClientBurst));
    private readonly EndpointRateLimiter _limiter = new(time, options.Value, gateways, PaymentsMeter.Refused);

    /// <summary>True if the request may proceed; else it was answered with 429. Each client has its own rate at each endpoint.</summary>
    public ValueTask<bool> EnterAsync(HttpContext context, string endpoint, AccountId? account = null) =>
        _limiter.EnterAsync(context, endpoint, account?.ToString());

    /// <summary>The same for an endpoint of Open Payments, whose clients read no problem details.</summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">The endpoint of the request.</param>
    /// <param name="account">The account of the request; null for none.</param>
    /// <param name="client">Whose grant it carries: it is counted as that client's; null: as its address'.</param>
    public ValueTask<bool> EnterOpenPaymentsAsync(HttpContext context, string endpoint, AccountId? account, string? client) =>
        client is null
            ? _limiter.EnterAsync(context, endpoint, account?.ToString(), OpenPaymentsRefusal.WriteTooFastAsync)
            : EnterGrantedAsync(context, endpoint, account?.ToString(), client);

    /// <summary>A grant request names its accounts in its body, which is read after the client's own rate was checked.</summary>
    ValueTask<bool> IGrantRateLimiter.TryEnterAsync(HttpContext context, string account) =>
        _limiter.EnterAccountAsync(context, Grants, account, OpenPaymentsRefusal.WriteTooFastAsync);

    private async ValueTask<bool> EnterGrantedAsync(HttpContext context, string endpoint, string? account, string client)
    {
        // The address is counted too, at the rate of several clients: whoever has a domain can invent wallet addresses there.
        var address = ClientNetwork.Of(context.Connection.RemoteIpAddress);
        if (_grantees.TryAcquire((endpoint, client), gateways.ShareOf(_perGrantee), TimeSpan.Zero, out var wait)
            && _granteesOfAddress.TryAcquire(address, endpoint, gateways.ShareOf(_perAddress), TimeSpan.Zero, out wait))
            return account is null || await _limiter.EnterAccountAsync(context, endpoint, account, OpenPaymentsRefusal.WriteTooFastAsync);
        PaymentsMeter.Refused(endpoint, "too many, by grant");
        await OpenPaymentsRefusal.WriteTooFastAsync(
            context, wait, "Too many requests came with this client's grants. Wait, then try again.");
        return false;
    }
}
