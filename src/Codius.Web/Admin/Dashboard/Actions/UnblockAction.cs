using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Reading;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Lets visitors in again.</summary>
internal sealed class UnblockAction(AppActions apps) : OwnerAction("unblock", "Unblock", AdminScope.Operate)
{
    public override string Done => "It is open again.";

    public override bool AppliesTo(AppRow app) => app.Blocked is not null;

    public override ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation) => new(ActionPlan.To(
        $"Unblock {form.Subject}?", "Its visitors get the app again: the next visit wakes it, if it has money.", "It can be paid again."));

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        SteeringOutcome.InWords(await apps.UnblockAsync(admin, form.Subject, form.Reason, cancellation));
}
