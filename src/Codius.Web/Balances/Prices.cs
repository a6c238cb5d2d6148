using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Balances;

/// <summary>The host's prices in whole units, as checked at start.</summary>
internal sealed record Prices(ulong PerRequest, ulong PerDeploy, ulong PerRunningHour, ulong OpenAt)
{
    public static Prices From(IOptions<PriceOptions> options, Asset asset)
    {
        var texts = options.Value;
        var perRequest = asset.Units(texts.PerRequest);
        return new Prices(
            perRequest, asset.Units(texts.PerDeploy), asset.Units(texts.PerRunningHour),
            texts.OpenAt is null ? perRequest * PriceOptions.RequestsOfAPage : asset.Units(texts.OpenAt));
    }

    /// <summary>Both forms of each price, for the owner to compare.</summary>
    public string Describe(Asset asset)
    {
        return $"Prices: a request {Both(PerRequest)}, a deploy {Both(PerDeploy)}, an hour awake {Both(PerRunningHour)}; a page opens at {Both(OpenAt)}";

        string Both(ulong units) => $"{asset.Format(units)} {asset.Code} ({units} units)";
    }
}
