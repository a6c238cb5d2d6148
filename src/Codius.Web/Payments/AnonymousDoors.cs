using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments;

/// <summary>Keeps everybody who may come without a token to a rate, by client address and by account, so that nobody can wear the store out.</summary>
internal sealed class AnonymousDoors(IOptions<PaymentsOptions> options, TimeProvider time)
{
    private readonly RateTable _clients = new(time, options.Value.PerClient, options.Value.PerClientBurst);
    private readonly RateTable _accounts = new(time, options.Value.PerAccount, options.Value.PerAccountBurst);

    /// <summary>True if the request may go on; otherwise it has been answered with 429. One client at two doors has a rate at each.</summary>
    public async ValueTask<bool> EnterAsync(HttpContext context, string door, AccountId? account = null)
    {
        if (!_clients.TryTake(HashCode.Combine(door, ClientHash.Of(context.Connection.RemoteIpAddress)), out var wait))
            return await RefuseAsync(context, door, "client", wait);
        if (account is { } id && !_accounts.TryTake(HashCode.Combine(door, id), out wait))
            return await RefuseAsync(context, door, "account", wait);
        return true;
    }

    private static async ValueTask<bool> RefuseAsync(HttpContext context, string door, string whose, TimeSpan wait)
    {
        PaymentsMeter.Refused(door, "too many, by " + whose);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        await Problems.WriteAsync(context, new Problem(429, "too-many-requests", "Too many requests",
            whose == "client" ? "Too many requests came from this address. Wait, then try again."
            : "Too many requests came for this account. Wait, then try again.")
        { RetryAfter = seconds });
        return false;
    }
}
