using Codius.Web.Admin.Access;
using Codius.Web.Admin.Reading;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Something that an admin can do from the dashboard: it says in words what it will do, and does it once confirmed.</summary>
/// <param name="name">In its URL.</param>
/// <param name="label">On its button.</param>
/// <param name="scopes">What it takes, all of them.</param>
internal abstract class OwnerAction(string name, string label, params IReadOnlyList<AdminScope> scopes)
{
    public string Name => name;

    public IReadOnlyList<AdminScope> Scopes => scopes;

    public string Label => label;

    public ActionLink Link => new(Name, Label, IsDangerous) { Confirm = Confirm };

    /// <summary>On the button that does it.</summary>
    public virtual string Confirm => Label;

    /// <summary>What the page says after it.</summary>
    public abstract string Done { get; }

    /// <summary>It takes something away from the app or its visitors.</summary>
    public virtual bool IsDangerous => false;

    /// <summary>True if its button is of use for an app as it is now.</summary>
    public virtual bool AppliesTo(AppRow app) => true;

    /// <summary>One line about it, above its fields.</summary>
    public virtual string About => "";

    /// <summary>The form, besides the reason.</summary>
    public virtual ValueTask<IReadOnlyList<ActionField>> FieldsAsync(string subject, CancellationToken cancellation) => new([]);

    /// <summary>What it will do with this form.</summary>
    public abstract ValueTask<ActionPlan> PlanAsync(ActionForm form, CancellationToken cancellation);

    /// <summary>Does it; the text says why not, null if it was done (now or by the same form before).</summary>
    public abstract ValueTask<string?> DoAsync(AdminIdentity admin, ActionForm form, CancellationToken cancellation);
}
