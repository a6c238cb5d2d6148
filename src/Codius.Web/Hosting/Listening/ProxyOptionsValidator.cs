using System.Net;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Listening;

/// <summary>Validates that every known proxy is a network.</summary>
internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var wrong = options.Known.Where(text => !IPNetwork.TryParse(text, out _)).ToArray();
        return wrong.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(text => $"Proxies:Known: '{text}' is not a network such as 10.0.0.0/8."));
    }
}
