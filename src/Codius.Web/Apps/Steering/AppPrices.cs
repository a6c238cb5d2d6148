using Codius.Web.Balances;

namespace Codius.Web.Apps.Steering;

/// <summary>The prices that hold for one app: the host's, or those that its owner set for it.</summary>
internal static class AppPrices
{
    /// <summary>The host's own object if nothing is set for the app.</summary>
    public static Prices For(this Prices prices, HostedApp app) => prices.WithPerRequest(app.Steering?.PricePerRequest);

    /// <inheritdoc cref="For(Prices, HostedApp)"/>
    public static Prices For(this Prices prices, AppSteering steering) => prices.WithPerRequest(steering.PricePerRequest);
}
