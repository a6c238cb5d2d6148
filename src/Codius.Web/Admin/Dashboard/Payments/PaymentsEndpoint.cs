using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Reading;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Payments;

/// <summary><c>GET /admin/payments</c>: the newest payments of the host, or those that a payer asks about.</summary>
internal sealed class PaymentsEndpoint(HostPayments payments, Asset asset, AdminPage page)
{
    public const string Path = "/admin/payments";

    private const int Size = 50;
    private const int ConditionLength = 32;
    private const int NonceLength = 16;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, (HttpContext context, PaymentsEndpoint list) => list.GetAsync(context)).RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        var asked = context.Request.Query;
        var (shown, cursor, cancellation) = (Given(asked["shown"]), Given(asked["cursor"]), context.RequestAborted);
        PaymentsModel model;
        if (shown.Length > 0) model = Of(shown, await FindAsync(shown, cancellation), null);
        else
        {
            var query = new PaymentQuery(cursor.Length > 0 ? cursor : null, Size);
            // A cursor that is none: from the newest.
            var found = await payments.ReadAsync(query, cancellation)
                ?? (await payments.ReadAsync(query with { Cursor = null }, cancellation))!;
            model = Of(shown, found.Rows, found.Next) with { IsLater = cursor.Length > 0 };
        }
        await page.WriteAsync<PaymentsPage>(context, context.AdminFrame("Payments"), model);
    }

    private async ValueTask<IReadOnlyList<PaymentRow>> FindAsync(string shown, CancellationToken cancellation)
    {
        var found = await payments.ByReferenceAsync(shown, cancellation);
        if (found.Count == 0 && PaymentFinder.Bytes(shown, NonceLength) is { } nonce)
            found = await payments.ByNonceAsync(nonce, cancellation);
        if (found.Count == 0 && PaymentFinder.Bytes(shown, ConditionLength) is { } condition)
            found = await payments.ByConditionAsync(condition, cancellation);
        return found;
    }

    private PaymentsModel Of(string shown, IReadOnlyList<PaymentRow> rows, string? next) =>
        new(shown, [.. rows.Select(row => PaymentLine.Of(row, asset))], next, asset.Code);

    private static string Given(string? text) => text is { Length: <= 300 } ? text.Trim() : "";
}
