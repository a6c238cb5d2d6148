using Microsoft.AspNetCore.Http;

namespace OpenPayments.Net.Grants;

/// <summary>
/// Limits the rate of grants for one account, if the program adds one. It is called before the client's keys are fetched.
/// </summary>
public interface IGrantRateLimiter
{
    /// <summary>
    /// True if the request may go on; otherwise it has been answered, as by <see cref="OpenPaymentsRefusal.WriteTooFastAsync"/>.
    /// </summary>
    ValueTask<bool> TryEnterAsync(HttpContext context, string account);
}
