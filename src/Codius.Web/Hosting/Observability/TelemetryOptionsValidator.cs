using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Observability;

/// <summary>Requires that a collector's URL is one of HTTP.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        options.OtlpEndpoint is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.Query.Length > 0)
            ? ValidateOptionsResult.Fail("Telemetry:OtlpEndpoint: is not an http or https URL without a query.")
            : ValidateOptionsResult.Success;
}
