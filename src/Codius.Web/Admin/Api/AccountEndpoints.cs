using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>Accounts: of apps, by their names, and of deploy tokens, by their hashes.</summary>
internal static class AccountEndpoints
{
    public static ApiProblem NoSuchAccount { get; } = ApiProblem.NotFound("no-such-account",
        "There is no such account. It is an app's name, its hash, or t- and the hash of a deploy token.");

    public static RouteGroupBuilder MapAccounts(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/accounts/{account}").WithTags("Accounts");
        accounts.MapGet("", FindAsync).RequireScope(AdminScope.Read).WithName("getAccount")
            .WithSummary("Shows what an account has, and all that was ever booked on it");
        api.MapPost("/accounts/{account}:refund", RefundAsync).WithTags("Accounts").RequireScope(AdminScope.Money)
            .Audited(MoneyActions.Refund).WithName("refund").WithSummary("Gives spent money back to an account")
            .WithDescription("At most what the account has spent.");
        api.MapPost("/accounts/{account}:adjust", AdjustAsync).WithTags("Accounts").RequireScope(AdminScope.Money)
            .Audited(MoneyActions.Adjust).WithName("adjust").WithSummary("Adds to an account, or takes from it")
            .WithDescription("Negative units take; never below zero.");
        return api;
    }

    /// <summary>The account of an id that exists here; null for no such.</summary>
    public static AccountId? IdOf(string account) => AccountId.TryParse(account, out var id) ? id : null;

    private static async Task<Results<Ok<AccountModel>, ApiProblem>> FindAsync(
        string account, IBalanceLedger ledger, IBooks books, [FromServices] Asset asset, CancellationToken cancellation)
    {
        if (IdOf(account) is not { } id || await ledger.ReadAsync(id, cancellation) is not { } balance) return NoSuchAccount;
        var totals = await books.ReadTotalsAsync(id, cancellation);
        return TypedResults.Ok(new AccountModel(
            account, id.IsDeployToken ? "deployToken" : "app", AmountModel.Of(balance.Funds, asset),
            AmountModel.Of(balance.Credited, asset), AmountModel.Of(balance.Spent, asset), AmountModel.Of(balance.Leased, asset),
            TotalsModel.Of(totals ?? new BookTotals())));
    }

    private static async Task<Results<Ok<MovedModel>, ApiProblem>> RefundAsync(
        string account, MoneyModel body, [FromHeader(Name = MoneyRequests.Key)] string? key, MoneyRequests requests, MoneyActions actions,
        HttpContext context, CancellationToken cancellation)
    {
        var admin = context.Admin();
        return IdOf(account) is not { } id
            ? NoSuchAccount
            : await requests.MakeAsync(key, body, signed: false,
                (units, used) => actions.RefundAsync(admin, id, (ulong)units, used, body.Reason, cancellation),
                outcome => outcome == SpendOutcome.NoAccount ? NoSuchAccount : ApiProblem.Conflict("spent-less",
                    "The account has spent less than that. Its statement says how much."));
    }

    private static async Task<Results<Ok<MovedModel>, ApiProblem>> AdjustAsync(
        string account, MoneyModel body, [FromHeader(Name = MoneyRequests.Key)] string? key, MoneyRequests requests, MoneyActions actions,
        HttpContext context, CancellationToken cancellation)
    {
        var admin = context.Admin();
        return IdOf(account) is not { } id
            ? NoSuchAccount
            : await requests.MakeAsync(key, body, signed: true,
                (units, used) => actions.AdjustAsync(admin, id, units, used, body.Reason, cancellation),
                outcome => outcome switch
                {
                    SpendOutcome.NoAccount => NoSuchAccount,
                    SpendOutcome.NotEnough => ApiProblem.Conflict("not-enough",
                        "The account has less than that to take; what gateways hold for visits is not part of it."),
                    _ => ApiProblem.Conflict("out-of-range", "The account could not hold so much."),
                });
    }

    /// <summary>An account: credited is what it can still pay, and what it has spent.</summary>
    internal sealed record AccountModel(
        string Account, string Kind, AmountModel Balance, AmountModel Credited, AmountModel Spent, AmountModel Leased,
        TotalsModel Totals);
}
