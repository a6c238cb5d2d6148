using Codius.Web.Apps;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>Validates that each entry is a path, or a part of a <c>User-Agent</c>, of bounded length.</summary>
internal sealed class DoNotWakeOptionsValidator : IValidateOptions<DoNotWakeOptions>
{
    private const int MaxEntries = 200;

    public ValidateOptionsResult Validate(string? name, DoNotWakeOptions options) =>
        Faults(options).ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

    private static IEnumerable<string> Faults(DoNotWakeOptions options) =>
        Faults(nameof(options.Paths), options.Paths, arePaths: true)
            .Concat(Faults(nameof(options.Agents), options.Agents, arePaths: false));

    private static IEnumerable<string> Faults(string setting, IList<string> entries, bool arePaths)
    {
        var key = $"{DoNotWakeOptions.Section}:{setting}";
        if (entries.Count > MaxEntries) yield return $"{key}: has {entries.Count} entries; {MaxEntries} at most.";
        foreach (var entry in entries)
        {
            if (DoNotWakeEntries.EntryFault(entry) is { } fault) yield return $"{key}: {fault}.";
            else if (entry != DoNotWakeEntries.RemoveAll && DoNotWakeEntries.IsPath(entry.TrimStart('-')) != arePaths)
                yield return $"{key}: '{entry}' is {(arePaths ? "no path: it does not begin with /" : "a path; it belongs to Paths")}.";
        }
    }
}
