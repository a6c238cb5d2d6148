using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Reading;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Wakes an app.</summary>
internal sealed class WakeAction(AppActions apps) : OwnerAction("wake", "Wake", AdminScope.Operate)
{
    public override string Done => "It is waking.";

    public override bool AppliesTo(AppRow app) => app.State is "asleep" or "failed" && app.Blocked is null;

    public override ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation) => new(ActionPlan.To(
        $"Wake {form.Subject}?", "It starts now, as it does for a visit, and pays its own running time as long as it is awake.",
        "If no visitor comes, it falls asleep again by itself."));

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        SteeringOutcome.InWords(await apps.WakeAsync(admin, form.Subject, form.Reason, cancellation));
}
