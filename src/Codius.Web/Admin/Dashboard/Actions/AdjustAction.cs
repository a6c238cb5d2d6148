using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Adds money to an app's account, or takes some away, without a payment.</summary>
internal sealed class AdjustAction(IBalanceLedger ledger, MoneyActions money, Asset asset)
    : OwnerAction("adjust", "Adjust", AdminScope.Money)
{
    private const string Change = "change";

    public override string Done => "The balance was adjusted.";

    public override bool IsDangerous => true;

    public override string About => "Changes what the app has, and what it was paid, by hand: a gift, or the correction of a mistake.";

    public override async ValueTask<IReadOnlyList<ActionField>> FieldsAsync(string subject, CancellationToken cancellation)
    {
        var funds = (await ledger.ReadAsync(AccountId.OfApp(subject), cancellation))?.Funds ?? 0;
        return
        [
            new ActionField(Change, $"By how much, in {asset.Code}",
                Hint: $"Begin with a minus to take away. It has {Shown.Whole(funds, asset)} left.") { IsAmount = true },
        ];
    }

    public override async ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation)
    {
        if (Parse(form[Change]) is not { } change || change == 0)
            return ActionPlan.Wrong(Change, $"Write an amount such as 0.05 or -0.05, with at most {asset.Scale} decimals.");
        var funds = (await ledger.ReadAsync(AccountId.OfApp(form.Subject), cancellation))?.Funds ?? 0;
        var amount = (ulong)Math.Abs(change);
        if (change < 0 && amount > funds)
            return ActionPlan.Wrong(Change, $"It has {Shown.Whole(funds, asset)}: no more can be taken away.");
        if (change > 0 && amount > Asset.MaxAmount - funds) return ActionPlan.Wrong(Change, "No account can hold that much.");
        var text = Shown.Whole(amount, asset);
        return change > 0
            ? ActionPlan.To($"Give {text} to {form.Subject}?",
                $"{form.Subject} then has {Shown.Whole(funds + amount, asset)} left, instead of {Shown.Whole(funds, asset)}.",
                "No payer has paid this: what the app spends of it you earn without being paid.")
            : ActionPlan.To($"Take {text} from {form.Subject}?",
                $"{form.Subject} then has {Shown.Whole(funds - amount, asset)} left, instead of {Shown.Whole(funds, asset)}.",
                "It counts as never paid: you do not earn it either.");
    }

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        MoneyOutcome.InWords(await money.AdjustAsync(
            admin, AccountId.OfApp(form.Subject), Parse(form[Change])!.Value, form.Id, form.Reason, cancellation));

    private long? Parse(string text)
    {
        var isLess = text.StartsWith('-') || text.StartsWith('−');
        return asset.TryParse(text.TrimStart('-', '−', '+'), out var units) ? isLess ? -(long)units : (long)units : null;
    }
}
