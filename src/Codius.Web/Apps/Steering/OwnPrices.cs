using Codius.Web.Balances;

namespace Codius.Web.Apps.Steering;

/// <summary>The prices of apps for which the host's owner has set one.</summary>
internal sealed class OwnPrices(Prices prices, Func<IAppCatalog?> catalog) : IOwnPrices
{
    public Prices? Of(AccountId account) =>
        catalog()?.Current is { } apps && apps.TryFind($"{account}", out var app) && app.Steering?.PricePerRequest is not null
            ? prices.For(app) : null;
}
