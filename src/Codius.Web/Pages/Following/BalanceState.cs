using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;

namespace Codius.Web.Pages.Following;

/// <summary>
/// The JSON of an account's balance, the prices and its app's state, for pages and programs; amounts in units as decimal text. What must
/// be paid has the digits of the wire, all else the ledger's.
/// </summary>
internal sealed record BalanceState
{
    public required string Account { get; init; }

    public required string Balance { get; init; }

    /// <summary>Digits of <see cref="Balance"/> and of the prices.</summary>
    public required int BalanceScale { get; init; }

    public required string AssetCode { get; init; }

    /// <summary>Digits of <see cref="OpenAt"/>: those that payments have.</summary>
    public required int AssetScale { get; init; }

    /// <summary>Price of one request.</summary>
    public required string Price { get; init; }

    public required string PricePerRunningHour { get; init; }

    /// <summary>The balance at which the 402 page opens the app, in units of the wire, rounded up.</summary>
    public required string OpenAt { get; init; }

    /// <summary>How long the balance lasts with ordinary use, in words; null below <see cref="OpenAt"/> and for a deploy token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lasts { get; init; }

    /// <summary>asleep, waking, awake or failed; null for the account of a deploy token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>What a visit would get: closed, low (the app, on a balance below <see cref="OpenAt"/>), open, failed or blocked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Standing { get; init; }

    /// <summary>
    /// Why the app failed to start, what a start that takes long is waiting for, or why the host's owner has blocked it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>app, image, host or putToSleep: who can mend it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cause { get; init; }

    /// <summary>Who can mend it and what the start cost, for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cost { get; init; }

    public static BalanceState Of(
        AccountId account, ulong funds, AppState? state, string? blocked, string? cost, Prices prices, Asset asset, WireAsset wire) =>
        new()
        {
            Account = account.ToString(),
            Balance = Text(funds),
            BalanceScale = asset.Scale,
            AssetCode = wire.Code,
            AssetScale = wire.Scale,
            Price = Text(prices.PerRequest),
            PricePerRunningHour = Text(prices.PerRunningHour),
            OpenAt = Text(wire.ToWireUp(prices.OpenAt)),
            Lasts = state is null ? null : OrdinaryUse.InWords(funds, prices),
            State = state switch
            {
                AppState.AsleepState => "asleep",
                AppState.WakingState => "waking",
                AppState.Awake => "awake",
                AppState.Failed => "failed",
                _ => null,
            },
            Standing = state is null ? null
                : JsonNamingPolicy.CamelCase.ConvertName(
                    (blocked is null ? Standings.Of(state, funds, prices) : Following.Standing.Blocked).ToString()),
            Reason = blocked ?? (state as AppState.Failed)?.Reason ?? (state as AppState.WakingState)?.Detail,
            Cause = state is AppState.Failed { Cause: var cause } ? JsonNamingPolicy.CamelCase.ConvertName(cause.ToString()) : null,
            Cost = cost,
        };

    private static string Text(ulong units) => units.ToString(CultureInfo.InvariantCulture);
}
