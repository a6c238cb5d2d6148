namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>What an action is about to do, in words; or what is wrong with the form.</summary>
public sealed record ActionPlan
{
    /// <summary>The question to confirm.</summary>
    public string Question { get; private init; } = "";

    /// <summary>What it does, a sentence each.</summary>
    public IReadOnlyList<string> Effects { get; private init; } = [];

    /// <summary>What is wrong, by field; "" for the whole.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private init; } = new Dictionary<string, string>();

    public bool IsGood => Errors.Count == 0;

    public static ActionPlan To(string question, params string[] effects) =>
        new() { Question = question, Effects = [.. effects.Where(effect => effect.Length > 0)] };

    public static ActionPlan Wrong(string field, string error) => new() { Errors = new Dictionary<string, string> { [field] = error } };
}
