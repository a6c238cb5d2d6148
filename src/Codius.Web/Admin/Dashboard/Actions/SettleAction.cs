using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Balances.Debts;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Books that a connector has paid what it owes, or a part of it.</summary>
internal sealed class SettleAction(IDebtors debtors, MoneyActions money, Asset asset)
    : OwnerAction("settle", "Settle", AdminScope.Money)
{
    private const string Amount = "amount";
    private const string Reference = "reference";

    public override string Done => "The settlement was booked.";

    public override string About =>
        "Books what the connector has paid you elsewhere. Do it once the money has arrived: from then on it owes less.";

    public override ValueTask<IReadOnlyList<ActionField>> FieldsAsync(string subject, CancellationToken cancellation) => new(
    [
        new ActionField(Amount, $"How much has arrived, in {asset.Code}", asset.Format(OwedBy(subject)),
            $"It owes {Shown.Whole(OwedBy(subject), asset)}.") { IsAmount = true },
        new ActionField(Reference, "Reference of the payment", Hint: "Such as the transaction's id: the same one is booked once."),
    ]);

    public override ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation)
    {
        var owed = OwedBy(form.Subject);
        if (!asset.TryParse(form[Amount], out var amount) || amount == 0)
            return new(ActionPlan.Wrong(Amount, $"Write an amount such as 0.05, with at most {asset.Scale} decimals."));
        if (amount > owed) return new(ActionPlan.Wrong(Amount, $"It owes {Shown.Whole(owed, asset)}: no more can be settled."));
        if (!IdempotencyKeys.IsKey(form[Reference]))
            return new(ActionPlan.Wrong(Reference, "Write 1 to 64 letters, digits or signs, without spaces."));
        return new(ActionPlan.To(
            $"Book {Shown.Whole(amount, asset)} from {form.Subject} as settled?",
            $"{form.Subject} then owes {Shown.Whole(owed - amount, asset)}, instead of {Shown.Whole(owed, asset)}.",
            "It may send that much more before it must settle again."));
    }

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        MoneyOutcome.OfSettlementInWords(await money.SettleAsync(
            admin, form.Subject, asset.Units(form[Amount]), form[Reference], form.Reason, cancellation));

    private ulong OwedBy(string connector) => debtors.All.FirstOrDefault(debtor => debtor.Name == connector)?.Owed ?? 0;
}
