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
    private readonly TokenBuckets<Grantee> _grantees =
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
    /// <param name="creator">
    /// Who made the payment that it looks at in public: it is counted as a look at that creator's payments. Null: as its address'.
    /// </param>
    public ValueTask<bool> EnterOpenPaymentsAsync(
        HttpContext context, string endpoint, AccountId? account, string? client, string? creator) =>
        (client, creator) switch
        {
            ({ } grantee, _) => EnterGrantedAsync(context, new(endpoint, grantee, null), account?.ToString()),
            // A page sees the URLs of its visitors' payments. Whoever knows one can use up the looks of its own address alone: a wallet's
            // server, which looks at the same creator's payments from another address, has its own.
            (_, { } maker) => EnterGrantedAsync(context,
                new(endpoint, maker, ClientNetwork.Of(context.Connection.RemoteIpAddress)), account?.ToString()),
            _ => _limiter.EnterAsync(context, endpoint, account?.ToString(), OpenPaymentsRefusal.WriteTooFastAsync),
        };

    /// <summary>A grant request names its accounts in its body, which is read after the client's own rate was checked.</summary>
    ValueTask<bool> IGrantRateLimiter.TryEnterAsync(HttpContext context, string account) =>
        _limiter.EnterAccountAsync(context, Grants, account, OpenPaymentsRefusal.WriteTooFastAsync);

    private async ValueTask<bool> EnterGrantedAsync(HttpContext context, Grantee grantee, string? account)
    {
        // The address is counted too, at the rate of several clients: whoever has a domain can invent wallet addresses there, and make
        // payments as each of them. Looks are counted apart: those who only know URLs do not use up what is there for grants.
        var address = ClientNetwork.Of(context.Connection.RemoteIpAddress);
        var endpoint = grantee.Endpoint;
        var subject = grantee.LooksFrom is null ? endpoint : endpoint + ", looks";
        if (_grantees.TryAcquire(grantee, gateways.ShareOf(_perGrantee), TimeSpan.Zero, out var wait)
            && _granteesOfAddress.TryAcquire(address, subject, gateways.ShareOf(_perAddress), TimeSpan.Zero, out wait))
            return account is null || await _limiter.EnterAccountAsync(context, endpoint, account, OpenPaymentsRefusal.WriteTooFastAsync);
        PaymentsMeter.Refused(endpoint, "too many, by grant");
        await OpenPaymentsRefusal.WriteTooFastAsync(context, wait, grantee.LooksFrom is null
            ? "Too many requests came with this client's grants. Wait, then try again."
            : "Too many requests came from this address for incoming payments. Wait, then try again.");
        return false;
    }

    /// <summary>Who is counted: the client of a grant, or one address that looks at the payments of a client.</summary>
    /// <param name="Endpoint">The endpoint of the request.</param>
    /// <param name="Client">The client.</param>
    /// <param name="LooksFrom">The address of a request without a grant.</param>
    private readonly record struct Grantee(string Endpoint, string Client, ClientNetwork? LooksFrom);
}
