using Codius.Web.Admin.Access;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>What was booked on an account: its entries, its hours and days, and single payments.</summary>
internal static class StatementEndpoints
{
    private const int MostRows = 1_000;

    public static RouteGroupBuilder MapStatements(this RouteGroupBuilder api)
    {
        var account = api.MapGroup("/accounts/{account}").WithTags("Accounts").RequireScope(AdminScope.Read);
        account.MapGet("/statement", ListAsync).WithName("getStatement").WithSummary("Lists an account's newest entries, newest first")
            .WithDescription("Payments, refunds, adjustments and deploys; what requests and running time cost is in its lines. way, "
                + "kind, from and until filter them.");
        account.MapGet("/statement.csv", ListAsCsvAsync).WithName("getStatementAsCsv").WithSummary("The same as CSV")
            .WithDescription($"Up to {MostRows} rows; a header Link leads to the next page. A cell that a spreadsheet would take for a "
                + "formula begins with an apostrophe.").Produces(StatusCodes.Status200OK, contentType: "text/csv");
        account.MapGet("/lines", ReadLinesAsync).WithName("getLines").WithSummary("What was booked on an account by hours or days")
            .WithDescription("Hours are kept for 90 days, days for five years; hours and days without a booking are left out.");
        account.MapGet("/payments", FindAsync).WithName("findPayment").WithSummary("Finds a payment into an account")
            .WithDescription("By one of: reference (an id in the statement), condition (32 bytes, of a packet of the last minutes) and "
                + "nonce (16 bytes, of a receipt); bytes in base64, base64url or hexadecimal.");
        return api;
    }

    private static async Task<Results<Ok<Page<EntryModel>>, ApiProblem>> ListAsync(
        string account, IBooks books, [FromServices] Asset asset, string? cursor, int? size, [AsParameters] FilterModel filter,
        CancellationToken cancellation)
    {
        if (Paging.SizeOf(size) is not { } most) return ApiProblem.BadPageSize;
        if (AccountEndpoints.IdOf(account) is not { } id) return AccountEndpoints.NoSuchAccount;
        if (filter.Read(out var wrong) is not { } wanted) return wrong!;
        return await ReadAsync(books, id, cursor, most, cancellation, wanted) is { } page
            ? TypedResults.Ok(new Page<EntryModel>([.. page.Entries.Select(entry => EntryModel.Of(entry, asset))], page.Next))
            : ApiProblem.BadCursor;
    }

    private static async Task<Results<FileContentHttpResult, ApiProblem>> ListAsCsvAsync(
        string account, IBooks books, [FromServices] Asset asset, HttpContext context, string? cursor, int? size,
        [AsParameters] FilterModel filter, CancellationToken cancellation)
    {
        if ((size ?? MostRows) is not (>= 1 and <= MostRows and var most))
            return ApiProblem.Bad("size", $"size must be from 1 to {MostRows}.");
        if (AccountEndpoints.IdOf(account) is not { } id) return AccountEndpoints.NoSuchAccount;
        if (filter.Read(out var wrong) is not { } wanted) return wrong!;
        if (await ReadAsync(books, id, cursor, most, cancellation, wanted) is not { } page) return ApiProblem.BadCursor;
        if (page.Next is { } next)
            context.Response.Headers.Link = $"<?size={most}{filter.ToQuery()}&cursor={Uri.EscapeDataString(next)}>; rel=\"next\"";
        return TypedResults.File(StatementCsv.Write(page.Entries, asset), "text/csv; charset=utf-8", $"{id}.csv");
    }

    private static async Task<Results<Ok<Page<LineModel>>, ApiProblem>> ReadLinesAsync(
        string account, IBooks books, TimeProvider time, string? step, DateTimeOffset? from, DateTimeOffset? until,
        CancellationToken cancellation)
    {
        if (AccountEndpoints.IdOf(account) is not { } id) return AccountEndpoints.NoSuchAccount;
        if (Period.Of(step, from, until, time.GetUtcNow()) is not { } period) return Period.Bad;
        var lines = await books.ReadLinesAsync(id, period.Step, period.From, period.Until, cancellation);
        return TypedResults.Ok(new Page<LineModel>([.. lines.Select(LineModel.Of)], null));
    }

    private static async Task<Results<Ok<FoundModel>, ApiProblem>> FindAsync(
        string account, PaymentFinder payments, [FromServices] Asset asset, string? reference, string? condition, string? nonce,
        CancellationToken cancellation)
    {
        if (AccountEndpoints.IdOf(account) is not { } id) return AccountEndpoints.NoSuchAccount;
        if (new[] { reference, condition, nonce }.Count(given => given is not null) != 1)
            return ApiProblem.Bad("reference", "Send one of reference, condition and nonce.");
        if (reference is not null)
        {
            var entries = await payments.ByReferenceAsync(id, reference, cancellation);
            return TypedResults.Ok(new FoundModel(entries.Count > 0, [.. entries.Select(entry => EntryModel.Of(entry, asset))], []));
        }
        if (condition is not null)
        {
            return PaymentFinder.Bytes(condition, 32) is { } bytes
                ? TypedResults.Ok(new FoundModel(await payments.HasPacketAsync(id, bytes), [], []))
                : ApiProblem.Bad("condition", "condition must be 32 bytes in base64, base64url or hexadecimal.");
        }
        if (PaymentFinder.Bytes(nonce, 16) is not { } sixteen)
            return ApiProblem.Bad("nonce", "nonce must be 16 bytes in base64, base64url or hexadecimal.");
        var totals = await payments.ByNonceAsync(id, sixteen);
        return TypedResults.Ok(new FoundModel(totals.Count > 0, [],
            [.. totals.Select(total => new StreamModel(total.Key, AmountModel.Of(total.Value, asset)))]));
    }

    /// <summary>A page of a statement; null if the cursor is none.</summary>
    public static async ValueTask<StatementPage?> ReadAsync(
        IBooks books, AccountId account, string? cursor, int size, CancellationToken cancellation, StatementFilter? filter = null)
    {
        try
        {
            return await (filter ?? new StatementFilter()).ReadAsync(books, account, cursor, size, cancellation);
        }
        catch (ArgumentException) when (cursor is not null)
        {
            return null;
        }
    }

    /// <summary>An entry of a statement.</summary>
    internal sealed record EntryModel(
        string Id, DateTimeOffset At, DateTimeOffset Last, string Kind, AmountModel Amount, string? Way, string? Reference, string? Payer,
        string? Reason, string? By)
    {
        public static EntryModel Of(StatementEntry entry, Asset asset) => new(
            entry.Id, entry.At, entry.Last, StatementCsv.KindName(entry.Kind), AmountModel.Of(entry.Amount, asset), entry.Way,
            entry.Reference, entry.Payer, entry.Reason, entry.By);
    }

    /// <summary>What was booked in an hour or a day.</summary>
    internal sealed record LineModel(DateTimeOffset Start, TotalsModel Totals)
    {
        public static LineModel Of(BookLine line) => new(line.Start, TotalsModel.Of(line.Totals));
    }

    /// <summary>Whether a payment was credited, and what is known of it.</summary>
    internal sealed record FoundModel(bool Credited, IReadOnlyList<EntryModel> Entries, IReadOnlyList<StreamModel> Streams);

    /// <summary>What was credited of a stream, by its receipts.</summary>
    internal sealed record StreamModel(string Stream, AmountModel Total);
}
