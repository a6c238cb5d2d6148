using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Following;

/// <summary>Limits the request rate of clients that follow a balance: each request reads the store.</summary>
internal sealed class FollowRateLimiter(IOptions<PageOptions> options, LiveGateways gateways, TimeProvider time)
{
    public const string Balance = "balance";
    public const string Events = "events";
    public const string Pay = "pay";

    private readonly EndpointRateLimiter _limiter = new(time, options.Value, gateways, PagesMeter.Refused);

    /// <summary>True if the request may proceed; otherwise it was answered with 429.</summary>
    public ValueTask<bool> EnterAsync(HttpContext context, string endpoint, Followed? followed) =>
        _limiter.EnterAsync(context, endpoint, followed?.Account.ToString());
}
