using Codius.Web.Admin.Access;
using Codius.Web.Admin.Api;
using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Payments;

/// <summary><c>GET /admin/payments</c>: the newest payments, those of an account, and what a payer can show.</summary>
internal sealed class PaymentsEndpoint(
    PaymentFinder finder, IBooks books, IBalanceLedger ledger, Happenings happenings, Asset asset, AdminPage page, TimeProvider time)
{
    public const string Path = "/admin/payments";

    private const int Size = 50;
    private const int ConditionLength = 32;
    private const int NonceLength = 16;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, (HttpContext context, PaymentsEndpoint payments) => payments.GetAsync(context))
            .RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        var asked = context.Request.Query;
        var model = new PaymentsModel(Given(asked["account"]), Given(asked["shown"]), time.GetUtcNow());
        try
        {
            model = await ReadAsync(model, context.RequestAborted);
        }
        catch (LedgerUnavailableException)
        {
            await Problems.WriteAsync(context, AdminPage.StoreAway);
            return;
        }
        await page.WriteAsync<PaymentsPage>(context, context.AdminFrame("Payments"), model);
    }

    private async ValueTask<PaymentsModel> ReadAsync(PaymentsModel model, CancellationToken cancellation)
    {
        if (model.Account.Length == 0)
        {
            return model with
            {
                Newest = [.. happenings.Newest.Where(happening => happening.Kind == "paid")],
                Error = model.Shown.Length > 0 ? "Say whose account it is to be in: the app's name, or the deploy token's account." : null,
            };
        }
        if (AccountEndpoints.IdOf(model.Account) is not { } account || await ledger.ReadAsync(account, cancellation) is null)
            return model with { Error = "No such account was ever paid." };
        var entries = model.Shown.Length > 0
            ? await finder.ByReferenceAsync(account, model.Shown, cancellation)
            : (await books.ReadEntriesAsync(account, null, Size, cancellation)).Entries;
        return model with
        {
            Found = StatementModel.Of(
                new StatementPage([.. entries.Where(entry => entry.Kind == StatementKind.Credit)], null), asset),
            Known = [.. await KnownAsync(account, model.Shown)],
        };
    }

    private async ValueTask<List<string>> KnownAsync(AccountId account, string shown)
    {
        var known = new List<string>();
        if (PaymentFinder.Bytes(shown, ConditionLength) is { } condition)
        {
            known.Add(await finder.HasPacketAsync(account, condition)
                ? "A packet with this execution condition was credited to the account a short time ago."
                : "No packet with this execution condition was credited to the account of late; it is known for a few minutes.");
        }
        if (PaymentFinder.Bytes(shown, NonceLength) is { } nonce)
        {
            var streams = await finder.ByNonceAsync(account, nonce);
            known.AddRange(streams.Select(stream =>
                $"Receipts with this nonce: {Rendering.Shown.Whole(stream.Value, asset)} credited of stream {stream.Key}."));
            if (streams.Count == 0) known.Add("No receipt with this nonce was credited to the account within a day.");
        }
        return known;
    }

    private static string Given(string? text) => text is { Length: <= 300 } ? text.Trim() : "";
}
