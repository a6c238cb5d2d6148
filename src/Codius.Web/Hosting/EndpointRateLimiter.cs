namespace Codius.Web.Hosting;

/// <summary>Keeps everybody who may come without a token to a rate, by client address and by account.</summary>
/// <param name="time">The clock.</param>
/// <param name="perClient">The rate of one client address at one endpoint.</param>
/// <param name="perAccount">The rate of all clients together for one account at one endpoint.</param>
/// <param name="refused">Called with the endpoint and the reason of each refusal.</param>
internal sealed class EndpointRateLimiter(TimeProvider time, RequestRate perClient, RequestRate perAccount, Action<string, string> refused)
{
    private readonly RateTable _clients = new(time, perClient.PerSecond, perClient.Burst);
    private readonly RateTable _accounts = new(time, perAccount.PerSecond, perAccount.Burst);

    /// <summary>True if the request may go on; otherwise it has been answered with 429. A client has a rate of its own at each endpoint.</summary>
    public async ValueTask<bool> EnterAsync(HttpContext context, string endpoint, int? account)
    {
        if (!_clients.TryTake(HashCode.Combine(endpoint, ClientNetwork.Of(context.Connection.RemoteIpAddress)), out var wait))
            return await RefuseAsync(context, endpoint, "client", wait);
        return account is not { } hash || await EnterAccountAsync(context, endpoint, hash);
    }

    /// <summary>The same for whom a request turned out to be for, once it had come in.</summary>
    public async ValueTask<bool> EnterAccountAsync(HttpContext context, string endpoint, int account) =>
        _accounts.TryTake(HashCode.Combine(endpoint, account), out var wait) || await RefuseAsync(context, endpoint, "account", wait);

    private async ValueTask<bool> RefuseAsync(HttpContext context, string endpoint, string whose, TimeSpan wait)
    {
        refused(endpoint, "too many, by " + whose);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        await Problems.WriteAsync(context, new Problem(429, "too-many-requests", "Too many requests",
            whose == "client" ? "Too many requests came from this address. Wait, then try again."
            : "Too many requests came for this account. Wait, then try again.")
        { RetryAfter = seconds });
        return false;
    }
}

/// <summary>How often someone may come.</summary>
/// <param name="PerSecond">For ever.</param>
/// <param name="Burst">At once, after a rest.</param>
internal readonly record struct RequestRate(int PerSecond, int Burst);
