using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Requests;

namespace OpenPayments.Net;

/// <summary>Answers for a program that limits the rate of requests itself, in the form of all other errors of these endpoints.</summary>
public static class OpenPaymentsRefusal
{
    /// <summary>Writes 429 with <c>Retry-After</c> and the GNAP error <c>too_fast</c>.</summary>
    /// <param name="context">The request that is too many.</param>
    /// <param name="retryAfter">How long the client must wait; rounded up to whole seconds, at least one.</param>
    /// <param name="description">What is wrong and what to do, for a person.</param>
    public static Task WriteTooFastAsync(HttpContext context, TimeSpan retryAfter, string description)
    {
        Answers.OpenToAll(context.Response);
        var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Answers.WriteAsync(context, OpenPaymentsError.TooFast(description));
    }
}
