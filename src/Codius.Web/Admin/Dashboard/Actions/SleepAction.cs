using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Reading;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Puts an app to sleep.</summary>
internal sealed class SleepAction(AppActions apps) : OwnerAction("sleep", "Put to sleep", AdminScope.Operate)
{
    public override string Done => "It is put to sleep.";

    public override bool AppliesTo(AppRow app) => app.State is "awake" or "waking";

    public override ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation) => new(ActionPlan.To(
        $"Put {form.Subject} to sleep?", "Its open connections end after a moment; its money is kept.",
        "The next visit wakes it again, and pays for that. To keep it from waking, block it."));

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        SteeringOutcome.InWords(await apps.SleepAsync(admin, form.Subject, form.Reason, cancellation));
}
