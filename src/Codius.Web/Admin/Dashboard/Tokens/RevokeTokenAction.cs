using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Dashboard.Actions;

namespace Codius.Web.Admin.Dashboard.Tokens;

/// <summary>Ends an admin token.</summary>
internal sealed class RevokeTokenAction(TokenActions tokens)
    : OwnerAction("revoke", "Revoke", [.. AdminScopes.All])
{
    public override string Done => "The token was revoked.";

    public override bool IsDangerous => true;

    public override ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation) => new(ActionPlan.To(
        $"Revoke the token {form.Subject}?",
        "It works nowhere any more after two seconds: not at the API, and browsers that signed in with it are signed out.",
        "That cannot be undone. What was done with it stays done, and stays in the audit log."));

    // Another admin was faster: it is revoked all the same.
    public override async ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation)
    {
        await tokens.RevokeAsync(admin, form.Subject, form.Reason);
        return null;
    }
}
