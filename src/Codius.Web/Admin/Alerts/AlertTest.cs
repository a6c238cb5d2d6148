using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts;

/// <summary>Sends a test message to each webhook at once, for the host's owner who waits for the result.</summary>
internal sealed class AlertTest(WebhookClient client, HostNames names, IOptions<AlertOptions> options, TimeProvider time)
{
    public async Task<IReadOnlyList<AlertTestResult>> SendAsync(CancellationToken cancellation)
    {
        var message = AlertMessage.Test(names.Origin, time.GetUtcNow());
        return await Task.WhenAll(options.Value.Webhooks.Select(async webhook =>
            new AlertTestResult(webhook.Url!.Host, await client.TryPostAsync(webhook, message, cancellation))));
    }
}

/// <summary>What came of it at one webhook.</summary>
/// <param name="Host">The webhook's host; the rest of its URL is often a secret.</param>
/// <param name="Failure">Why the message was not taken; null if it was.</param>
internal sealed record AlertTestResult(string Host, string? Failure)
{
    public bool IsTaken => Failure is null;
}
