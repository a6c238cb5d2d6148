using Microsoft.Extensions.Options;

namespace OpenPayments.Net;

/// <summary>Refuses options with which no client could pay.</summary>
internal sealed class OpenPaymentsOptionsValidator : IValidateOptions<OpenPaymentsOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenPaymentsOptions options) =>
        Errors(options).ToArray() is { Length: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;

    private static IEnumerable<string> Errors(OpenPaymentsOptions options)
    {
        if (!Uri.TryCreate(options.Origin, UriKind.Absolute, out var origin) || origin.Scheme is not ("https" or "http")
            || options.Origin.EndsWith('/'))
            yield return "OpenPaymentsOptions.Origin: must be an origin without a trailing slash, such as https://shop.example.";
        if (options.TokenKeys.Count == 0 || options.TokenKeys.Any(key => key.Length != OpenPaymentsOptions.KeyLength))
            yield return "OpenPaymentsOptions.TokenKeys: needs a key of 32 random bytes, the same at every start.";
        if (options.SigningKey is { } signing && signing.Length != OpenPaymentsOptions.KeyLength)
            yield return "OpenPaymentsOptions.SigningKey: must be a private Ed25519 key of 32 bytes.";
        if (options.PreviousSigningKeys.Any(key => key.Length != OpenPaymentsOptions.KeyLength))
            yield return "OpenPaymentsOptions.PreviousSigningKeys: each must be a private Ed25519 key of 32 bytes.";
        if (options.LongestUrl - OpenPaymentsOptions.MaxStoredLength is > 0 and var excess)
            yield return $"OpenPaymentsOptions.Origin: is too long by {excess} characters, since wallets keep URLs in "
                + $"{OpenPaymentsOptions.MaxStoredLength}; use a shorter origin or shorter accounts (LongestAccount).";
    }
}
