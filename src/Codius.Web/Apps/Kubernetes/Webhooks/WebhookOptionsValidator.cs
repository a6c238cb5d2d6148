using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>Validates the webhooks' settings at start.</summary>
internal sealed class WebhookOptionsValidator(IOptions<AppOptions> apps) : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var faults = Faults(options).ToArray();
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Faults(WebhookOptions options)
    {
        if (apps.Value.Engine != AppEngine.Kubernetes || !options.Enabled) yield break;
        if ((options.CertificateFile is null) != (options.CertificateKeyFile is null))
            yield return "Webhooks:CertificateFile and Webhooks:CertificateKeyFile: give both or neither.";
        if (options.ClientAuthorityFile is not { } file)
            yield return "Webhooks:ClientAuthorityFile: is missing; give the PEM file of what signs the API server's client "
                + "certificate, or anybody could pretend to be it. "
                + "Where the API server has none, set Webhooks:Enabled to false and deploy with PUT.";
        else if (Trouble(file) is { } trouble) yield return $"Webhooks:ClientAuthorityFile: {trouble}";
    }

    private static string? Trouble(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count == 0 ? $"{file} has no certificate in it." : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return unreadable.Message;
        }
    }
}
