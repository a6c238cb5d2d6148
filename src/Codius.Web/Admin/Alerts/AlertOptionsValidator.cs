using Microsoft.Extensions.Options;
using OpenPayments.Net.Clients;

namespace Codius.Web.Admin.Alerts;

/// <summary>Requires of each webhook an URL that may be called, and a secret to sign with.</summary>
internal sealed class AlertOptionsValidator(IHostEnvironment environment) : IValidateOptions<AlertOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertOptions options)
    {
        var faults = options.Webhooks.SelectMany((webhook, index) => FaultsOf($"Alerts:Webhooks:{index}", webhook)).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> FaultsOf(string key, AlertWebhook webhook)
    {
        if (webhook.Url is not { IsAbsoluteUri: true, UserInfo.Length: 0 } url || !GuardedHttp.IsAllowed(url, environment.IsDevelopment()))
            yield return $"{key}:Url: is not an https URL of a public name (without a port, a user or a password).";
        if (!WebhookSignature.TryRead(webhook.Secret, out _))
            yield return $"{key}:Secret: is not whsec_ and 24 to 64 bytes in base64. Make one with "
                + "`echo whsec_$(openssl rand -base64 32)`.";
    }
}
