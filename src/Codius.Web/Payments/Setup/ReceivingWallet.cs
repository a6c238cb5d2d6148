using System.Diagnostics.CodeAnalysis;
using Codius.Web.Hosting;
using Interledger.Net.Spsp;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Resolves the receiving wallet's payment pointer to its SPSP endpoint. Only the configuration chooses this URL, never a caller.
/// </summary>
internal static class ReceivingWallet
{
    private const string SandboxLabel = "wallet";

    /// <summary>False, with the fault, unless it is a payment pointer that does not lead back to this host.</summary>
    public static bool TryRead(string pointer, HostNames names, bool development, [NotNullWhen(true)] out Uri? endpoint,
        [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        // The sandbox's wallet runs in this process, behind the visits port and without TLS.
        endpoint = development ? Sandbox(pointer, names) : null;
        if (endpoint is not null) return true;
        endpoint = Endpoint(pointer, development);
        if (endpoint is null)
        {
            fault = $"'{pointer}' is not a payment pointer, such as $wallet.example/host.";
            return false;
        }
        if (!names.IsOwn(endpoint.IdnHost)) return true;
        fault = $"'{pointer}' is under the host's own domain, so its queries would come back here; name the wallet's own pointer.";
        endpoint = null;
        return false;
    }

    /// <summary>The sandbox wallet's endpoint; null for another wallet. The pointer may have the gateway's port or none.</summary>
    private static Uri? Sandbox(string pointer, HostNames names)
    {
        var origin = new Uri(names.OriginOf(SandboxLabel));
        foreach (var host in new[] { "$" + origin.Authority, "$" + origin.Host })
            if (pointer == host || pointer.StartsWith(host + "/", StringComparison.Ordinal))
                return new Uri(origin, pointer.Length <= host.Length + 1 ? PaymentPointer.DefaultPath : pointer[host.Length..]);
        return null;
    }

    private static Uri? Endpoint(string pointer, bool development)
    {
        // In Development the wallet may be a program on this machine, without a name and without TLS.
        if (development && Uri.TryCreate(pointer, UriKind.Absolute, out var local) && local is { Scheme: "http", IsLoopback: true })
            return local;
        var options = development ? PaymentPointerOptions.Development : new PaymentPointerOptions();
        return PaymentPointer.TryParse(pointer, options, out var read, out _) ? read.ToUri() : null;
    }
}
