using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;
using OpenPayments.Net;
using OpenPayments.Net.Grants;

namespace Codius.Web.Payments;

/// <summary>Limits the request rate of payers: they need no token, and their requests read the store.</summary>
internal sealed class AnonymousRateLimiter(IOptions<PaymentsOptions> options, TimeProvider time) : IGrantRateLimiter
{
    public const string Grants = "grants";

    private readonly EndpointRateLimiter _limiter = new(time, options.Value, PaymentsMeter.Refused);

    /// <summary>True if the request may proceed; else it was answered with 429. Each client has its own rate at each endpoint.</summary>
    public ValueTask<bool> EnterAsync(HttpContext context, string endpoint, AccountId? account = null) =>
        _limiter.EnterAsync(context, endpoint, account?.ToString());

    /// <summary>The same for an endpoint of Open Payments, whose clients read no problem details.</summary>
    public ValueTask<bool> EnterOpenPaymentsAsync(HttpContext context, string endpoint, AccountId? account) =>
        _limiter.EnterAsync(context, endpoint, account?.ToString(), OpenPaymentsRefusal.WriteTooFastAsync);

    /// <summary>A grant request names its accounts in its body, which is read after the client's own rate was checked.</summary>
    ValueTask<bool> IGrantRateLimiter.TryEnterAsync(HttpContext context, string account) =>
        _limiter.EnterAccountAsync(context, Grants, account, OpenPaymentsRefusal.WriteTooFastAsync);
}
