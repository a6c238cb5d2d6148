using Codius.Web.Balances.Leases;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Balances;

/// <summary>Checks prices and limits: whole units at the asset's scale, and consistent with each other.</summary>
internal sealed class PriceOptionsValidator(Asset asset) : IValidateOptions<PriceOptions>, IValidateOptions<LeaseOptions>
{
    public ValidateOptionsResult Validate(string? name, PriceOptions options) => Result(Faults(options));

    public ValidateOptionsResult Validate(string? name, LeaseOptions options) => Result(Faults(options));

    private IEnumerable<string> Faults(PriceOptions options)
    {
        var (perRequest, perRunningHour) = (0UL, 0UL);
        foreach (var (key, text) in new[]
        {
            (nameof(options.PerRequest), options.PerRequest),
            (nameof(options.PerDeploy), options.PerDeploy),
            (nameof(options.PerRunningHour), options.PerRunningHour),
            (nameof(options.OpenAt), options.OpenAt ?? "0"),
        })
        {
            if (!asset.TryParse(text, out var units)) yield return NotAnAmount($"{PriceOptions.Section}:{key}", text);
            else if (units == 0 && key == nameof(options.PerRunningHour))
                yield return "Prices:PerRunningHour: must be above 0; an app that is awake uses the host's memory whether or not "
                    + "anyone visits it.";
            else if (key == nameof(options.PerDeploy) && units > Asset.MaxAmount / PriceOptions.MostPartsOfADeploy)
                yield return "Prices:PerDeploy: is so high that the price of the largest manifest passes what an account can hold.";
            else if (key == nameof(options.PerRequest)) perRequest = units;
            else if (key == nameof(options.PerRunningHour)) perRunningHour = units;
            else if (key == nameof(options.OpenAt) && options.OpenAt is not null && units < Prices.Least(perRequest, perRunningHour))
                yield return $"Prices:OpenAt: '{text}' is below one Prices:PerRequest and a minute of Prices:PerRunningHour; the page "
                    + "would open and the next request be refused.";
        }
        if (options.OpenAt is null
            && perRequest > (Asset.MaxAmount - RunningInterval.PriceOf(perRunningHour)) / (PriceOptions.RequestsOfAPage + 1))
            yield return "Prices:PerRequest: is so high that 20 requests of a page pass what an account can hold; set Prices:OpenAt.";
    }

    private IEnumerable<string> Faults(LeaseOptions options)
    {
        if (!asset.TryParse(options.MaxOut, out var units) || units == 0)
            yield return NotAnAmount($"{LeaseOptions.Section}:{nameof(options.MaxOut)}", options.MaxOut);
        if (options.SettleEvery * 3 > options.Lifetime)
            yield return "Leases:Lifetime: must be at least three times Leases:SettleEvery, or a lease could expire between two settles.";
    }

    private string NotAnAmount(string key, string text) =>
        $"{key}: '{text}' is not a whole number of units of {asset.Code} at scale {asset.Scale} (the smallest amount is "
            + $"{asset.Format(1)}, the largest {asset.Format(Asset.MaxAmount)}).";

    private static ValidateOptionsResult Result(IEnumerable<string> faults) =>
        faults.ToArray() is { Length: > 0 } all ? ValidateOptionsResult.Fail(all) : ValidateOptionsResult.Success;
}
