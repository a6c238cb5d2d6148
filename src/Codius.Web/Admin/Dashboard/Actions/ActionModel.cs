namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>The page of an action: first its form, then the question.</summary>
public sealed record ActionModel(
    ActionLink Action, string About, string Subject, string BackUrl, IReadOnlyList<ActionField> Fields, ActionForm Form)
{
    /// <summary>What it will do; null while the form is filled in.</summary>
    public ActionPlan? Plan { get; init; }

    /// <summary>What is wrong, by field; "" for the whole.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>What it leads back to: the subject's page, or the list it is in.</summary>
    public string BackTo { get; init; } = Subject;

    public bool IsQuestion => Plan is { IsGood: true };

    /// <summary>Only the reason is left to be written: it is asked with the question.</summary>
    public bool AsksReason => Fields.Count == 0 || !IsQuestion;

    public string Title => IsQuestion ? Plan!.Question : $"{Action.Label}: {Subject}";
}
