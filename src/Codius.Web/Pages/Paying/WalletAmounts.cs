using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>The amounts a visitor can choose: what is missing to open the app, alone or with further openings.</summary>
internal sealed class WalletAmounts(Prices prices, Asset asset)
{
    private static readonly int[] Choices = [1, 5, 25];

    /// <summary>The units of a choice; false if it does not exist.</summary>
    public bool TryFind(int times, ulong funds, out ulong units)
    {
        var opening = Math.Max(prices.OpenAt, 1);
        var sum = (UInt128)(opening > funds ? opening - funds : opening) + ((UInt128)opening * (uint)Math.Max(times - 1, 0));
        units = sum <= Asset.MaxAmount ? (ulong)sum : 0;
        return units > 0 && Choices.Contains(times);
    }

    /// <summary>All choices, formatted.</summary>
    public IReadOnlyList<WalletAmount> All(ulong funds)
    {
        List<WalletAmount> all = [];
        foreach (var times in Choices)
            if (TryFind(times, funds, out var units)) all.Add(new WalletAmount(times, Money.Of(units, asset)));
        return all;
    }
}
