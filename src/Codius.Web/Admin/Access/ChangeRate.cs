using Codius.Shared;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Access;

/// <summary>
/// How often one admin token may change something at a gateway: without a rate, a token with one scope could push others' changes out of
/// the audit log in a minute.
/// </summary>
internal sealed class ChangeRate(TimeProvider time)
{
    /// <summary>Changes at once.</summary>
    public const int Burst = 120;

    private const int PerSecond = 1;
    private const int Tracked = 1_024;

    private readonly TokenBuckets<string> _tokens = new(time, PerSecond, Burst, Tracked);

    /// <summary>Null if the request is no change, or the admin may make one now.</summary>
    public Problem? Refusal(HttpRequest request, AdminIdentity admin) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || _tokens.TryAcquire(admin.Name, out var wait)
            ? null
            : new Problem(429, "too-many-changes", "Too many changes were made with this admin token",
                $"It may make {PerSecond} a second, and {Burst} at once. Nothing was done. Wait, then try again.")
            {
                RetryAfter = RetryAfter.SecondsOf(wait),
            };
}
