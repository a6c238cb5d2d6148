using Codius.Web.Balances.Storage;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Stores;

/// <summary>One rule of the scripts that is broken on purpose.</summary>
/// <param name="Name">The rule.</param>
/// <param name="Script">The script whose text is changed, or a file that several begin with.</param>
/// <param name="From">The text of the rule.</param>
/// <param name="To">What stands there instead.</param>
internal sealed record ScriptMutation(string Name, string Script, string From, string To)
{
    /// <summary>The fault without which it changes nothing.</summary>
    public Faults Needs { get; init; }

    /// <summary>The only script in which it is broken; null: in each that has it.</summary>
    public string? OnlyIn { get; init; }

    /// <summary>True if it is about running time.</summary>
    public bool IsOfRunning => Script is "bill-running" or "end-wake" or "wake";

    /// <summary>True if it is about looks at the receiving wallet.</summary>
    public bool IsOfLooks => Script is "looks" or "open-look" or "claim-looks" or "hint-look" or "end-look" or "end-total";

    /// <summary>The text of a script with the rule broken, if it has it.</summary>
    public string Apply(LedgerScript script)
    {
        var source = LedgerScript.Read(Script);
        if (!source.Contains(From, StringComparison.Ordinal)) throw new InvalidOperationException($"{Script}.lua has no '{From}'");
        if (OnlyIn is not null && OnlyIn != script.Name) return script.Text;
        return script.Text.Replace(source, source.Replace(From, To, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public override string ToString() => Name;
}
