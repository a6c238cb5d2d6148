using Codius.Web.Hosting.Secrets;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>Validates what attributes cannot express about <see cref="HostOptions"/>.</summary>
internal sealed class HostOptionsValidator(IHostEnvironment environment) : IValidateOptions<HostOptions>
{
    public ValidateOptionsResult Validate(string? name, HostOptions options) =>
        Faults(options).ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

    private IEnumerable<string> Faults(HostOptions options)
    {
        if (options.PublicUrl is { } url)
        {
            if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
                yield return "Host:PublicUrl: must be an http or https URL, such as https://codius.example.";
            else if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
                yield return "Host:PublicUrl: must be an origin alone: no path, query, fragment or user.";
            else if (url.HostNameType == UriHostNameType.Basic)
                yield return "Host:PublicUrl: must name a domain: labels of letters, digits and hyphens, 63 characters at most, with dots "
                    + "between them.";
            else if (url.HostNameType != UriHostNameType.Dns)
                yield return "Host:PublicUrl: must name a domain, since apps are names below it; an IP address has none.";
        }
        if (options.AppsDomain is { } apps)
        {
            var host = options.PublicUrl is { IsAbsoluteUri: true } own ? own.IdnHost.ToLowerInvariant() : "";
            if (apps.Length > 253 || !apps.Split('.').All(HostNames.IsLabel))
                yield return "Host:AppsDomain: must be a domain in lower case, such as codius-apps.example.";
            else if (host == apps || IsBelow(host, apps) || IsBelow(apps, host))
                yield return $"Host:AppsDomain: '{apps}' must be neither the domain of Host:PublicUrl nor above or below it: apps could "
                    + "set cookies for the host.";
        }
        if (options.Secret is null && environment.IsProduction())
            yield return "Host:Secret: is missing. Make one with `openssl rand -base64 32`, keep it safe, and set it (environment: "
                + "Host__Secret).";
        if (options.Secret is { } secret && !IsSecret(secret))
            yield return "Host:Secret: must be 32 bytes in base64.";
        if (options.PreviousSecrets.Any(previous => !IsSecret(previous)))
            yield return "Host:PreviousSecrets: each must be 32 bytes in base64.";
        foreach (var label in options.ReservedNames.Where(label => !HostNames.IsLabel(label)))
            yield return $"Host:ReservedNames: '{label}' is not a DNS label in lower case.";
    }

    private static bool IsBelow(string domain, string other) => domain.EndsWith("." + other, StringComparison.Ordinal);

    private static bool IsSecret(string text)
    {
        Span<byte> bytes = stackalloc byte[HostSecret.Length + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == HostSecret.Length;
    }
}
