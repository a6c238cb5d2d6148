using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>
/// The amounts a visitor can choose: what is missing to open the app, alone or with some time of ordinary use; each can be paid in the
/// digits of the wire.
/// </summary>
internal sealed class WalletAmounts(Prices prices, Asset asset, WireAsset wire)
{
    /// <summary>With this one an ordinary page can be loaded again ten times.</summary>
    public const AmountChoice Usual = AmountChoice.Hour;

    private readonly UInt128 _hour = OrdinaryUse.PricePerHour(prices);

    /// <summary>The amounts for an app, which may have a price of its own.</summary>
    public WalletAmounts For(HostedApp app) =>
        prices.For(app) is var own && ReferenceEquals(own, prices) ? this : new WalletAmounts(own, asset, wire);

    /// <summary>The units of a choice; false if no account could hold them.</summary>
    public bool TryFind(AmountChoice choice, ulong funds, out ulong units)
    {
        var missing = funds < prices.OpenAt ? prices.OpenAt - funds : 0;
        var sum = choice switch
        {
            AmountChoice.Hour => Rounded(Payable(missing + _hour)),
            AmountChoice.Day => Rounded(Payable(missing + (24 * _hour))),
            _ => Payable(missing > 0 ? missing : Math.Max(prices.OpenAt, 1)),
        } * wire.Factor;
        units = sum > 0 && sum <= Asset.MaxAmount - funds ? (ulong)sum : 0;
        return units > 0;
    }

    /// <summary>
    /// All choices that make sense, formatted: an open app need not be opened, and of those that are one amount in the wire's digits the
    /// usual one is enough.
    /// </summary>
    public IReadOnlyList<WalletAmount> All(ulong funds)
    {
        List<WalletAmount> all = [];
        _ = TryFind(Usual, funds, out var usual);
        foreach (var choice in Enum.GetValues<AmountChoice>())
        {
            if (choice == AmountChoice.Now && funds >= prices.OpenAt && _hour > 0) continue;
            if (TryFind(choice, funds, out var units) && (units != usual || choice == Usual))
                all.Add(new WalletAmount(choice, Money.Of(units, asset)));
        }
        return all;
    }

    /// <summary>The usual amount as decimal text.</summary>
    public string UsualText(ulong funds) =>
        asset.Format(TryFind(Usual, funds, out var units) || TryFind(AmountChoice.Now, funds, out units) ? units : wire.Factor);

    /// <summary>The choice that a form posted; the usual one for anything else.</summary>
    public static AmountChoice Read(string? text) =>
        Enum.TryParse<AmountChoice>(text, ignoreCase: true, out var choice) && Enum.IsDefined(choice) ? choice : Usual;

    /// <summary>What must be paid in units of the wire, so that at least these units arrive.</summary>
    private UInt128 Payable(UInt128 units) => (units + wire.Factor - 1) / wire.Factor;

    /// <summary>Up to two leading digits: the time is a rough one too.</summary>
    private static UInt128 Rounded(UInt128 units)
    {
        UInt128 step = 1;
        while (units / step >= 100) step *= 10;
        return (units + step - 1) / step * step;
    }
}
