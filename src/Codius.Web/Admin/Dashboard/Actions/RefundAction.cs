using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Gives an app money back that it has spent.</summary>
internal sealed class RefundAction(IBalanceLedger ledger, MoneyActions money, Asset asset)
    : OwnerAction("refund", "Refund", AdminScope.Money)
{
    private const string Amount = "amount";

    public override string Done => "The refund was made.";

    public override string About => "Gives the app back what it has spent here. Its visitors can use it at once; you earn that much less.";

    public override async ValueTask<IReadOnlyList<ActionField>> FieldsAsync(string subject, CancellationToken cancellation)
    {
        var spent = (await ledger.ReadAsync(AccountId.OfApp(subject), cancellation))?.Spent ?? 0;
        var hint = $"It has spent {Shown.Whole(spent, asset)} in all.";
        return [new ActionField(Amount, $"How much, in {asset.Code}", Hint: hint) { IsAmount = true }];
    }

    public override async ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation)
    {
        if (!asset.TryParse(form[Amount], out var amount) || amount == 0)
            return ActionPlan.Wrong(Amount, $"Write an amount such as 0.05, with at most {asset.Scale} decimals.");
        var balance = await ledger.ReadAsync(AccountId.OfApp(form.Subject), cancellation) ?? default;
        if (amount > balance.Spent)
            return ActionPlan.Wrong(Amount, $"It has spent {Shown.Whole(balance.Spent, asset)}: no more can be given back.");
        return ActionPlan.To(
            $"Refund {Shown.Whole(amount, asset)} to {form.Subject}?",
            $"{form.Subject} gets back {Shown.Whole(amount, asset)} of the {Shown.Whole(balance.Spent, asset)} that it has spent here.",
            $"It then has {Shown.Whole(balance.Funds + amount, asset)} left, instead of {Shown.Whole(balance.Funds, asset)}.",
            $"You earn {Shown.Whole(amount, asset)} less today.");
    }

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        MoneyOutcome.InWords(await money.RefundAsync(
            admin, AccountId.OfApp(form.Subject), asset.Units(form[Amount]), form.Id, form.Reason, cancellation));
}
