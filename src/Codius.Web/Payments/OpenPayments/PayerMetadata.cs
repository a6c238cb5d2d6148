using Codius.Web.Hosting;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>The payer's wallet address in the metadata of incoming payments that the gateway itself makes at a visitor's wish.</summary>
/// <remarks>
/// Only the wallet at that address learns where such a payment is paid, so the payer is that wallet. The metadata that other clients
/// send is what they claim, and says nothing of a payer.
/// </remarks>
internal static class PayerMetadata
{
    private const string Start = "{\"payer\":\"";
    private const string End = "\"}";

    /// <summary>The metadata; null if the address does not fit.</summary>
    /// <param name="payer">The wallet address.</param>
    /// <param name="room">How many bytes the metadata may have.</param>
    public static string? Of(string payer, int room) =>
        IsPlain(payer) && Start.Length + payer.Length + End.Length <= room ? Start + payer + End : null;

    /// <summary>The payer's wallet address; null if it is not known.</summary>
    public static string? PayerOf(IncomingPayment payment, HostNames names)
    {
        if (payment.Metadata is not { } metadata || !metadata.StartsWith(Start, StringComparison.Ordinal)
            || !metadata.EndsWith(End, StringComparison.Ordinal) || metadata.Length <= Start.Length + End.Length) return null;
        var payer = metadata[Start.Length..^End.Length];
        return IsPlain(payer) && payment.ClientId == IncomingPayment.ClientIdOf(names.WalletAddressOf(payment.Account)) ? payer : null;
    }

    // As it is in JSON and in a field of the statement.
    private static bool IsPlain(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !text.AsSpan().ContainsAny('"', '\\');
}
