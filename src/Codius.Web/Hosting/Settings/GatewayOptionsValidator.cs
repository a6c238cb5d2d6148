using System.Net;
using System.Security.Cryptography;
using Codius.Web.Hosting.Certificates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>Validates what attributes cannot express about <see cref="GatewayOptions"/>.</summary>
internal sealed class GatewayOptionsValidator(IConfiguration configuration) : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options) =>
        Faults(options).ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

    private IEnumerable<string> Faults(GatewayOptions options)
    {
        if (options.Listen is not ("*" or "localhost") && !IPAddress.TryParse(options.Listen, out _))
            yield return $"Gateway:Listen: '{options.Listen}' is neither an IP address nor * nor localhost.";
        if (options.CertificateFile is null != options.CertificateKeyFile is null)
            yield return "Gateway:CertificateFile and Gateway:CertificateKeyFile: give both or neither.";
        foreach (var file in new[] { options.CertificateFile, options.CertificateKeyFile }
            .Where(file => file is not null && !File.Exists(file)))
            yield return $"Gateway:CertificateFile, Gateway:CertificateKeyFile: there is no file {file}.";
        if (CertificateFault(options) is { } fault) yield return $"Gateway:CertificateFile, Gateway:CertificateKeyFile: {fault}";
        // The raw setting: a fault in the host's section must not hide those in this one.
        if (options.RedirectPort is not null && !IsHttps(configuration[$"{HostOptions.Section}:{nameof(HostOptions.PublicUrl)}"]))
            yield return "Gateway:RedirectPort: leads to https, so Host:PublicUrl must be an https URL.";
        int[] ports = [options.Port, options.Http2Port ?? 0, options.RedirectPort ?? 0, options.ManagementPort, options.WebhookPort];
        foreach (var port in ports.Where(port => port != 0).GroupBy(port => port).Where(group => group.Count() > 1))
            yield return $"Gateway: two of Port, Http2Port, RedirectPort, ManagementPort and WebhookPort are {port.Key}; each needs its "
                + "own.";
    }

    private static bool IsHttps(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    private static string? CertificateFault(GatewayOptions options)
    {
        if (!File.Exists(options.CertificateFile) || !File.Exists(options.CertificateKeyFile)) return null;
        try
        {
            ServerCertificate.Read(File.ReadAllText(options.CertificateFile), File.ReadAllText(options.CertificateKeyFile));
            return null;
        }
        catch (Exception unreadable) when (
            unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"{options.CertificateFile} and {options.CertificateKeyFile} are not a certificate and its key: {unreadable.Message}";
        }
    }
}
