using System.Globalization;
using System.Text.Json.Serialization;
using Codius.Web.Admin.Access;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Codius.Web.Admin.Api;

/// <summary>An amount to be moved, and why.</summary>
/// <param name="Units">Whole units, as a decimal string.</param>
/// <param name="Reason">Why, for the statement and the audit log.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MoneyModel(string Units, string Reason);

/// <summary>Money that was moved.</summary>
/// <param name="Outcome">done; or repeated: it was done by an earlier request with the same key, and nothing was done now.</param>
/// <param name="Balance">What the account has now, or the connector owes.</param>
internal sealed record MovedModel(string Outcome, AmountModel Balance);

/// <summary>Checks the requests that move money, and makes each once.</summary>
internal sealed class MoneyRequests(Asset asset)
{
    /// <summary>The header that makes a repeat change nothing.</summary>
    public const string Key = "Idempotency-Key";

    private static readonly ApiProblem NoKey = ApiProblem.Bad(Key,
        $"Send an Idempotency-Key of 1 to {IdempotencyKeys.MaxLength} visible characters, a new one for each change: "
            + "a request that is repeated with it moves nothing twice.");

    private static readonly ApiProblem OtherRequest = new(new Problem(422, "idempotency-key-reused",
        "This Idempotency-Key was used for another request", "Nothing was done. Send a new key with a new request."));

    private static readonly ApiProblem Forgotten = ApiProblem.Conflict("outcome-not-known",
        "A request with this key was begun before, and the account has had so many changes since that it is not known any more whether "
            + "that was done. Nothing was done now. Look at the statement and the totals; if it was not done, send it with a new key.");

    private static readonly ApiProblem NotAnAmount = ApiProblem.Bad("units", "units must be a decimal string of whole units, not 0.");

    /// <summary>Makes a change.</summary>
    /// <param name="key">The Idempotency-Key.</param>
    /// <param name="body">The amount and the reason.</param>
    /// <param name="signed">True if the amount may be negative.</param>
    /// <param name="change">Makes it, with the units and the key; null if the key was used for another request.</param>
    /// <param name="refused">What is wrong, for outcomes that are no success.</param>
    public async ValueTask<Results<Ok<MovedModel>, ApiProblem>> MakeAsync(
        string? key, MoneyModel body, bool signed, Func<long, string, ValueTask<SpendResult?>> change,
        Func<SpendOutcome, ApiProblem> refused)
    {
        if (!Reasons.IsReason(body.Reason)) return ApiProblem.NoReason;
        var style = signed ? NumberStyles.AllowLeadingSign : NumberStyles.None;
        // The smallest long has no opposite.
        if (!long.TryParse(body.Units, style, CultureInfo.InvariantCulture, out var units) || units is 0 or long.MinValue)
            return NotAnAmount;
        if (!IdempotencyKeys.IsKey(key)) return NoKey;
        if (await change(units, key!) is not { } result) return OtherRequest;
        return result.Outcome switch
        {
            SpendOutcome.Done => TypedResults.Ok(new MovedModel("done", AmountModel.Of(result.Funds, asset))),
            SpendOutcome.Repeated => TypedResults.Ok(new MovedModel("repeated", AmountModel.Of(result.Funds, asset))),
            SpendOutcome.Forgotten => Forgotten,
            SpendOutcome.Unavailable => throw new LedgerUnavailableException("The outcome is not known."),
            var other => refused(other),
        };
    }
}
