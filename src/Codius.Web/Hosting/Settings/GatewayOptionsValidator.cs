using System.Net;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>Validates what attributes cannot express about <see cref="GatewayOptions"/>.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options) =>
        Faults(options).ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

    private static IEnumerable<string> Faults(GatewayOptions options)
    {
        if (options.Listen is not ("*" or "localhost") && !IPAddress.TryParse(options.Listen, out _))
            yield return $"Gateway:Listen: '{options.Listen}' is neither an IP address nor * nor localhost.";
        if (options.CertificateFile is null != options.CertificateKeyFile is null)
            yield return "Gateway:CertificateFile and Gateway:CertificateKeyFile: give both or neither.";
        foreach (var file in new[] { options.CertificateFile, options.CertificateKeyFile }
            .Where(file => file is not null && !File.Exists(file)))
            yield return $"Gateway:CertificateFile, Gateway:CertificateKeyFile: there is no file {file}.";
        int[] ports = [options.Port, options.Http2Port ?? 0, options.ManagementPort, options.WebhookPort];
        foreach (var port in ports.Where(port => port != 0).GroupBy(port => port).Where(group => group.Count() > 1))
            yield return $"Gateway: two of Port, Http2Port, ManagementPort and WebhookPort are {port.Key}; each needs its own.";
    }
}
