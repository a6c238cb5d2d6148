using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;
using OpenPayments.Net.Grants;

namespace Codius.Web.Payments;

/// <summary>Keeps payers, who come without a token, to a rate, so that nobody can wear the store out.</summary>
internal sealed class AnonymousDoors(IOptions<PaymentsOptions> options, TimeProvider time) : IGrantRateLimiter
{
    public const string Grants = "grants";

    private readonly RateDoors _doors = new(time, new DoorRate(options.Value.PerClient, options.Value.PerClientBurst),
        new DoorRate(options.Value.PerAccount, options.Value.PerAccountBurst), PaymentsMeter.Refused);

    /// <summary>True if the request may go on; otherwise it has been answered with 429. One client at two doors has a rate at each.</summary>
    public ValueTask<bool> EnterAsync(HttpContext context, string door, AccountId? account = null) => _doors.EnterAsync(context, door, account?.GetHashCode());

    /// <summary>A grant names its accounts in its body, behind the door.</summary>
    ValueTask<bool> IGrantRateLimiter.TryEnterAsync(HttpContext context, string account) => _doors.EnterAccountAsync(context, Grants, AccountId.OfApp(account).GetHashCode());
}
