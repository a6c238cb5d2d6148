using System.Diagnostics.CodeAnalysis;
using Interledger.Net.Spsp;

namespace Codius.Sandbox.Paying;

/// <summary>
/// Parses what a person types as a payee: a payment pointer or a wallet address, on this machine (with its port, without TLS) or elsewhere.
/// </summary>
internal static class Payee
{
    public static bool TryRead(string? text, SandboxSettings settings, [NotNullWhen(true)] out PaymentPointer? pointer)
    {
        pointer = null;
        text = text?.Trim();
        if (string.IsNullOrEmpty(text) || text.Length > PaymentPointer.MaxLength) return false;
        var address = text.StartsWith('$') ? "https://" + text[1..] : text;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) return false;
        if (url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0) return false;
        if (!Loopback.IsOurs(url.IdnHost, settings) && !(url.Scheme == "https" && url.IsDefaultPort)) return false;
        return PaymentPointer.TryParse($"${url.IdnHost}{url.AbsolutePath}", out pointer, out _);
    }

    /// <summary>The URL of a pointer's SPSP query: this machine's names at the gateway's port, without TLS.</summary>
    public static Uri Resolve(PaymentPointer pointer, SandboxSettings settings) =>
        Loopback.IsOurs(pointer.Host, settings) ? new Uri($"http://{pointer.Host}:{settings.Port}{pointer.Path}") : pointer.ToUri();

    /// <summary>The account on this host that is paid; null for payments to elsewhere.</summary>
    public static string? AccountOf(PaymentPointer pointer, SandboxSettings settings)
    {
        const string Accounts = "/pay/";
        return pointer.Host == settings.Domain && pointer.Path.StartsWith(Accounts, StringComparison.Ordinal)
            ? pointer.Path[Accounts.Length..]
            : pointer.Host.EndsWith("." + settings.Domain, StringComparison.Ordinal) && pointer.Path == PaymentPointer.DefaultPath
                ? pointer.Host[..^(settings.Domain.Length + 1)]
            : null;
    }
}
