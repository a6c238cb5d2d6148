using System.Globalization;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Sets what a request to one app costs, and how much it may spend in an hour.</summary>
internal sealed class PriceAction(AppActions apps, IAppSteering steering, Prices prices, Asset asset)
    : OwnerAction("price", "Price and cap", AdminScope.Operate)
{
    private const string Price = "price";
    private const string Cap = "cap";
    private const string Version = "version";

    public override string Done => "The price and the cap are set.";

    public override string Confirm => "Set price and cap";

    public override string About =>
        "They hold for this app alone, from the next request on. An empty field is the host's price, or no cap of yours.";

    public override async ValueTask<IReadOnlyList<ActionField>> FieldsAsync(string subject, CancellationToken cancellation)
    {
        var now = await steering.ReadAsync(subject, cancellation);
        return
        [
            new ActionField(Price, $"Price of a request, in {asset.Code}", Text(now.PricePerRequest),
                $"The host's price is {Shown.Whole(prices.PerRequest, asset)}.")
            {
                IsAmount = true,
                IsRequired = false,
            },
            new ActionField(Cap, $"Most that requests may cost in an hour, in {asset.Code}", Text(now.MaxSpendPerHour),
                "Beyond it visitors are asked to come later. The developer's own cap holds too.")
            {
                IsAmount = true,
                IsRequired = false,
            },
            new ActionField(Version, "", now.Version.ToString(CultureInfo.InvariantCulture)) { IsHidden = true },
        ];
    }

    public override async ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation)
    {
        if (!TryParse(form[Price], out var price)) return ActionPlan.Wrong(Price, Wrong());
        if (price is { } units && SteeringRules.FaultOfPrice(units, prices) is { } fault) return ActionPlan.Wrong(Price, $"It {fault}.");
        if (!TryParse(form[Cap], out var cap)) return ActionPlan.Wrong(Cap, Wrong());
        if (cap is { } most && SteeringRules.FaultOfCap(most) is { } tooMuch) return ActionPlan.Wrong(Cap, $"It {tooMuch}.");
        var now = await steering.ReadAsync(form.Subject, cancellation);
        if (now.IsUnreadable)
        {
            return ActionPlan.Wrong("", "What was set for it before cannot be read, and it is blocked meanwhile. Unblock it, or block it "
                + "with words of your own; then set its price.");
        }
        if (!long.TryParse(form[Version], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version != now.Version)
            return ActionPlan.Wrong("", "Another admin has changed it meanwhile. Go back and begin again.");
        var before = Shown.Whole(now.PricePerRequest ?? prices.PerRequest, asset);
        return ActionPlan.To($"Set price and cap of {form.Subject}?",
            price is { } own
                ? $"A request to it costs {Shown.Whole(own, asset)}, instead of {before}."
                : $"A request to it costs the host's price, {Shown.Whole(prices.PerRequest, asset)}, instead of {before}.",
            cap is { } bound
                ? $"Its requests may cost {Shown.Whole(bound, asset)} in an hour, not more." : "You set no cap on what it spends.",
            "Requests that have arrived before are charged as they were.");
    }

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation)
    {
        _ = TryParse(form[Price], out var price);
        _ = TryParse(form[Cap], out var cap);
        var set = new AppSettings(new SetUnits(true, price), new SetUnits(true, cap));
        return SteeringOutcome.InWords(await apps.SetAsync(
            admin, form.Subject, set, long.Parse(form[Version], CultureInfo.InvariantCulture), form.Reason, cancellation));
    }

    private string Wrong() => $"Write an amount such as 0.05, with at most {asset.Scale} decimals, or leave it empty.";

    private string Text(ulong? units) => units is { } amount ? asset.Format(amount) : "";

    private bool TryParse(string text, out ulong? units)
    {
        units = asset.TryParse(text, out var amount) ? amount : null;
        return text.Length == 0 || units is not null;
    }
}
