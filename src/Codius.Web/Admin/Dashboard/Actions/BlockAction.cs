using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps.Steering;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Blocks an app, with the words that its visitors get.</summary>
internal sealed class BlockAction(AppActions apps) : OwnerAction("block", "Block", AdminScope.Operate)
{
    private const string Words = "words";

    public override string Done => "It is blocked.";

    public override bool IsDangerous => true;

    public override string About => "Visitors get your words instead of the app, and it is put to sleep. Its money is kept.";

    // Also what stands for a block that cannot be read.
    public override bool AppliesTo(AppRow app) => app.Blocked is null || app.Blocked == AppSteering.Unreadable.BlockedWords;

    public override ValueTask<IReadOnlyList<ActionField>> FieldsAsync(string subject, CancellationToken cancellation) =>
        new([
            new ActionField(Words, "What its visitors read", SteeringRules.UsualWords, "Plain text, up to 300 characters.")
            {
                IsLong = true,
            },
        ]);

    public override ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation) =>
        new(SteeringRules.FaultOfWords(form[Words]) is { } fault
            ? ActionPlan.Wrong(Words, $"These words cannot be shown: {fault}.")
            : ActionPlan.To($"Block {form.Subject}?",
                $"Its visitors read: {form[Words]}", "It is put to sleep, its open connections end, and nothing wakes it.",
                "It takes no new payments. What it has is kept for the time when you unblock it."));

    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation) =>
        SteeringOutcome.InWords(await apps.BlockAsync(admin, form.Subject, form[Words], form.Reason, cancellation));
}
