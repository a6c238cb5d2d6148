using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Balances;

/// <summary>The host's prices in whole units, as checked at start.</summary>
internal sealed record Prices(ulong PerRequest, ulong PerDeploy, ulong PerRunningHour, ulong OpenAt)
{
    /// <summary>How many of an app's own 5xx answers a minute cost nothing.</summary>
    public int FreeErrorsPerMinute { get; init; } = PriceOptions.UsualFreeErrors;

    /// <summary>True if a page opens at what it costs to wake an app and load it, and not at an amount of the host's own choice.</summary>
    public bool OpensAtUsual { get; init; }

    /// <summary>The most that a request may cost: what loads a page must fit into an account.</summary>
    public ulong MostPerRequest => (Asset.MaxAmount - RunningInterval.PriceOf(PerRunningHour)) / PriceOptions.RequestsOfAPage;

    /// <summary>The prices of an app whose requests have a price of their own (null: the host's), with what its page opens at.</summary>
    public Prices WithPerRequest(ulong? own)
    {
        if (own is not { } price || price == PerRequest) return this;
        var opening = OpensAtUsual ? Usual(price, PerRunningHour) : Math.Max(OpenAt, Least(price, PerRunningHour));
        return this with { PerRequest = price, OpenAt = opening };
    }

    /// <summary>What it costs to wake an app and answer one request: a page that opened at less would be refused again.</summary>
    public static ulong Least(ulong perRequest, ulong perRunningHour) => perRequest + RunningInterval.PriceOf(perRunningHour);

    /// <summary>What it costs to wake an app and load a page with its assets.</summary>
    public static ulong Usual(ulong perRequest, ulong perRunningHour) =>
        perRequest * PriceOptions.RequestsOfAPage + RunningInterval.PriceOf(perRunningHour);

    public static Prices From(IOptions<PriceOptions> options, Asset asset)
    {
        var texts = options.Value;
        var perRequest = asset.Units(texts.PerRequest);
        var perRunningHour = asset.Units(texts.PerRunningHour);
        return new Prices(
            perRequest, asset.Units(texts.PerDeploy), perRunningHour,
            texts.OpenAt is null ? Usual(perRequest, perRunningHour) : asset.Units(texts.OpenAt))
        {
            FreeErrorsPerMinute = texts.FreeErrorsPerMinute,
            OpensAtUsual = texts.OpenAt is null,
        };
    }

    /// <summary>Both forms of each price, for the owner to compare.</summary>
    public string Describe(Asset asset)
    {
        return $"Prices: a request {Both(PerRequest)}, a deploy {Both(PerDeploy)}, an hour awake {Both(PerRunningHour)}; a page opens "
            + $"at {Both(OpenAt)}";

        string Both(ulong units) => $"{asset.Format(units)} {asset.Code} ({units} units)";
    }
}
