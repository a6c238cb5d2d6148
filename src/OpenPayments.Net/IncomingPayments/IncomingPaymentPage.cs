using System.Text.Json.Nodes;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>A page of a list of incoming payments.</summary>
/// <param name="Payments">Its payments, oldest first.</param>
/// <param name="HasNext">True if there are more behind it.</param>
/// <param name="HasPrevious">True if there are more before it.</param>
public sealed record IncomingPaymentPage(IReadOnlyList<IncomingPayment> Payments, bool HasNext, bool HasPrevious)
{
    internal JsonObject ToJson(WalletAddress address, Func<IncomingPayment, string> urlOf)
    {
        var pagination = new JsonObject { ["hasNextPage"] = HasNext, ["hasPreviousPage"] = HasPrevious };
        if (Payments.Count > 0)
        {
            pagination["startCursor"] = Payments[0].Id.ToString();
            pagination["endCursor"] = Payments[^1].Id.ToString();
        }
        var payments = Payments.Select(payment => payment.ToJson(address, urlOf(payment)));
        return new JsonObject { ["pagination"] = pagination, ["result"] = new JsonArray([.. payments]) };
    }
}
