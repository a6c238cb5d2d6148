using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps.Steering;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Lets visitors in again.</summary>
internal sealed class UnblockAction(AppActions apps, IAppSteering steering) : OwnerAction("unblock", "Unblock", AdminScope.Operate)
{
    private const string Unreadable =
        "What you had set for it cannot be read: a price or a cap of its own is gone, and the host's hold until you set them anew.";

    public override string Done => "It is open again.";

    public override bool AppliesTo(AppRow app) => app.Blocked is not null;

    public override async ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation) => ActionPlan.To(
        $"Unblock {form.Subject}?", "Its visitors get the app again: the next visit wakes it, if it has money.", "It can be paid again.",
        (await steering.ReadAsync(form.Subject, cancellation)).IsUnreadable ? Unreadable : "");

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        SteeringOutcome.InWords(await apps.UnblockAsync(admin, form.Subject, form.Reason, cancellation));
}
