using System.Globalization;
using System.Text.Json.Nodes;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>A page of a list of incoming payments: forward from a cursor by <c>first</c>, or back from it by <c>last</c>.</summary>
internal sealed record PageOf(IReadOnlyList<IncomingPayment> Payments, bool HasNext, bool HasPrevious)
{
    private const int Most = 100;
    private const int Usual = 20;

    public static bool TryRead(string? cursor, string? first, string? last, IReadOnlyList<IncomingPayment> all, out PageOf? page)
    {
        page = null;
        var back = last is not null;
        var count = Usual;
        if ((back && (first is not null || cursor is null)) || ((last ?? first) is { } text && !TryReadCount(text, out count)))
            return false;
        var at = -1;
        if (cursor is not null)
        {
            if (!Guid.TryParse(cursor, out var id)) return false;
            for (at = 0; at < all.Count && all[at].Id != id; at++) { }
            if (at == all.Count) return false;
        }
        var start = back ? Math.Max(0, at - count) : at + 1;
        var end = back ? at : Math.Min(all.Count, start + count);
        page = new PageOf([.. all.Skip(start).Take(end - start)], end < all.Count, start > 0);
        return true;
    }

    public JsonObject ToJson(WalletAddress address, OpenPaymentsOptions options)
    {
        var pagination = new JsonObject { ["hasNextPage"] = HasNext, ["hasPreviousPage"] = HasPrevious };
        if (Payments.Count > 0)
        {
            pagination["startCursor"] = Payments[0].Id.ToString();
            pagination["endCursor"] = Payments[^1].Id.ToString();
        }
        var payments = Payments.Select(payment => payment.ToJson(address, options));
        return new JsonObject { ["pagination"] = pagination, ["result"] = new JsonArray([.. payments]) };
    }

    private static bool TryReadCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= Most;
}
