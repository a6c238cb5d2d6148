using Codius.Shared;

namespace Codius.Web.Hosting;

/// <summary>Limits the rate of requests without a token, by client address and by account.</summary>
/// <param name="time">The clock.</param>
/// <param name="rates">The rates of one client address, and of all clients together for one account, at one endpoint.</param>
/// <param name="refused">Called with the endpoint and the reason of each refusal.</param>
internal sealed class EndpointRateLimiter(TimeProvider time, EndpointRateOptions rates, Action<string, string> refused)
{
    private readonly TokenBuckets<(string Endpoint, ClientNetwork Client)> _clients = new(time, rates.PerClient, rates.PerClientBurst);
    private readonly TokenBuckets<(string Endpoint, string Account)> _accounts = new(time, rates.PerAccount, rates.PerAccountBurst);

    /// <summary>True if the request may continue; else it was answered with 429. Each endpoint has its own rate per client.</summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">The endpoint of the request.</param>
    /// <param name="account">The account of the request; null for none.</param>
    /// <param name="answer">Writes the 429 with the wait and the reason; null for a problem.</param>
    public async ValueTask<bool> EnterAsync(
        HttpContext context, string endpoint, string? account, Func<HttpContext, TimeSpan, string, Task>? answer = null)
    {
        if (!_clients.TryAcquire((endpoint, ClientNetwork.Of(context.Connection.RemoteIpAddress)), out var wait))
            return await RefuseAsync(context, endpoint, "client", wait, answer);
        return account is null || await EnterAccountAsync(context, endpoint, account, answer);
    }

    /// <summary>The same for an account that is known only once the request was read.</summary>
    public async ValueTask<bool> EnterAccountAsync(
        HttpContext context, string endpoint, string account, Func<HttpContext, TimeSpan, string, Task>? answer = null) =>
        _accounts.TryAcquire((endpoint, account), out var wait) || await RefuseAsync(context, endpoint, "account", wait, answer);

    private async ValueTask<bool> RefuseAsync(
        HttpContext context, string endpoint, string whose, TimeSpan wait, Func<HttpContext, TimeSpan, string, Task>? answer)
    {
        refused(endpoint, "too many, by " + whose);
        await (answer ?? WriteProblemAsync)(context, wait, whose == "client"
            ? "Too many requests came from this address. Wait, then try again."
            : "Too many requests came for this account. Wait, then try again.");
        return false;
    }

    private static Task WriteProblemAsync(HttpContext context, TimeSpan wait, string detail) =>
        Problems.WriteAsync(context, new Problem(429, "too-many-requests", "Too many requests", detail)
        {
            RetryAfter = RetryAfter.SecondsOf(wait),
        });
}
