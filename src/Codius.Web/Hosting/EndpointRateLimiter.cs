using Codius.Shared;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Hosting;

/// <summary>
/// Limits the rate of requests without a token, by client address and by account; each gateway enforces its share. Of an account's rate
/// one party (see <see cref="ClientNetwork.Party"/>) has a quarter, and half is kept for those that ask seldom.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="rates">The rates of one client address, and of all clients together for one account, at one endpoint.</param>
/// <param name="gateways">Who shares the rates.</param>
/// <param name="refused">Called with the endpoint and the reason of each refusal.</param>
internal sealed class EndpointRateLimiter(
    TimeProvider time, EndpointRateOptions rates, LiveGateways gateways, Action<string, string> refused)
{
    /// <summary>A payer, or a page that reads a balance while it waits, asks about as often.</summary>
    private static readonly BucketRate Seldom = new(1, 10);

    private readonly BucketRate _perClient = new(rates.PerClient, rates.PerClientBurst);
    private readonly ClientBuckets _clients = new(time, new(rates.PerClient, rates.PerClientBurst));
    private readonly FairBuckets<(string Endpoint, string Account)> _accounts = new(
        time, new(rates.PerAccount, rates.PerAccountBurst), new BucketRate(rates.PerAccount, rates.PerAccountBurst).Part(4), Seldom);

    /// <summary>True if the request may continue; else it was answered with 429. Each endpoint has its own rate per client.</summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">The endpoint of the request.</param>
    /// <param name="account">The account of the request; null for none.</param>
    /// <param name="answer">Writes the 429 with the wait and the reason; null for a problem.</param>
    public async ValueTask<bool> EnterAsync(
        HttpContext context, string endpoint, string? account, Func<HttpContext, TimeSpan, string, Task>? answer = null)
    {
        var client = ClientNetwork.Of(context.Connection.RemoteIpAddress);
        if (!_clients.TryAcquire(client, endpoint, gateways.ShareOf(_perClient), TimeSpan.Zero, out var wait))
            return await RefuseAsync(context, endpoint, "client", wait, answer);
        return account is null || await EnterAccountAsync(context, endpoint, account, answer);
    }

    /// <summary>The same for an account that is known only once the request was read.</summary>
    public async ValueTask<bool> EnterAccountAsync(
        HttpContext context, string endpoint, string account, Func<HttpContext, TimeSpan, string, Task>? answer = null) =>
        _accounts.TryAcquire(
            ClientNetwork.Of(context.Connection.RemoteIpAddress), (endpoint, account), gateways.Count, out var wait)
            || await RefuseAsync(context, endpoint, "account", wait, answer);

    private async ValueTask<bool> RefuseAsync(
        HttpContext context, string endpoint, string whose, TimeSpan wait, Func<HttpContext, TimeSpan, string, Task>? answer)
    {
        refused(endpoint, "too many, by " + whose);
        await (answer ?? TooManyRequests.WriteAsync)(context, wait,
            whose == "client" ? TooManyRequests.OfClient : TooManyRequests.OfAccount);
        return false;
    }
}
