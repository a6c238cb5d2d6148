using Codius.Web.Balances;
using Codius.Web.Balances.Debts;
using Codius.Web.Hosting;
using Codius.Web.Payments.TopUp;

namespace Codius.Web.Payments.Streaming;

/// <summary>Connectors' debts, for the host's owner: list them, and record that a connector has settled.</summary>
internal sealed class ConnectorEndpoints(ConnectorDebts debts, ISettlements settlements)
{
    private const int MaxBody = 19;
    private const int MaxKey = 64;

    /// <summary><c>GET /admin/connectors</c>: what each owes, in units, as decimal strings.</summary>
    public Task ListAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(debts.All.ToDictionary(debtor => debtor.Name, debtor => new { owed = BalanceEndpoints.Decimal(debtor.Owed) }))
            .ExecuteAsync(context);
    }

    /// <summary>
    /// <c>POST /admin/connectors/{name}:settle</c> with decimal units and an <c>Idempotency-Key</c>, which makes a repeat change nothing.
    /// </summary>
    public async Task SettleAsync(HttpContext context)
    {
        var name = (string)context.GetRouteValue("name")!;
        if (!ulong.TryParse(await PlainText.ReadAsync(context, MaxBody), System.Globalization.NumberStyles.None, null, out var units)
            || units is 0 or > long.MaxValue)
        {
            await Problems.WriteAsync(context,
                new Problem(400, "not-an-amount", "That is not an amount", "Send the units that were paid as decimal text."));
            return;
        }
        if (context.Request.Headers["Idempotency-Key"].FirstOrDefault() is not { Length: > 0 and <= MaxKey } id)
        {
            await Problems.WriteAsync(context, new Problem(400, "key-needed", "There is no Idempotency-Key, or it is too long",
                $"Send one of 1 to {MaxKey} characters, a new one for each settlement: a repeat with it settles nothing twice."));
            return;
        }
        await (await TrySettleAsync(context, name, units, id) switch
        {
            { } result => AnswerAsync(context, result),
            null => Problems.WriteAsync(context, new Problem(409, "idempotency-key-reused",
                "This Idempotency-Key was used for another request", "Nothing was done. Send a new key with a new request.")),
        });
    }

    private async ValueTask<SpendResult?> TrySettleAsync(HttpContext context, string name, ulong units, string id)
    {
        try
        {
            return await settlements.SettleAsync(
                name, units, id, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted);
        }
        catch (LedgerUnavailableException)
        {
            return new SpendResult(SpendOutcome.Unavailable);
        }
    }

    private static Task AnswerAsync(HttpContext context, SpendResult result) =>
        result.Outcome switch
        {
            SpendOutcome.Done or SpendOutcome.Repeated => PlainText.WriteAsync(context, 200, BalanceEndpoints.Decimal(result.Funds)),
            SpendOutcome.NoAccount => Problems.WriteAsync(context,
                new Problem(404, "no-such-connector", "There is no such connector, or it owes nothing",
                    "GET /admin/connectors lists them.")),
            SpendOutcome.Forgotten => Problems.WriteAsync(context,
                new Problem(409, "outcome-not-known", "It is not known any more whether this was done before",
                    "Nothing was done now. GET /admin/connectors shows what is owed; if it was not done, send a new key.")),
            SpendOutcome.Unavailable => Problems.WriteAsync(context, BalanceEndpoints.NoLedger),
            _ => Problems.WriteAsync(context,
                new Problem(409, "owes-less", "The connector owes less than that", "GET /admin/connectors shows how much.")),
        };
}
