using System.Runtime.CompilerServices;
using Codius.Web.Apps;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>Decides which requests may wake an app: not incidental ones, and not those that the host or the app's owner listed.</summary>
internal sealed class WakeRules
{
    private readonly DoNotWakeList _hosts;
    private readonly ConditionalWeakTable<VisitSettings, DoNotWakeList> _owners = [];

    public WakeRules(IOptions<DoNotWakeOptions> options)
    {
        var (paths, agents) = (options.Value.Paths, options.Value.Agents);
        // Each list removes only entries of its own kind.
        _hosts = DoNotWakeList.Of(
            DoNotWakeList.Apply(DoNotWakeList.Paths, paths).Concat(DoNotWakeList.Apply(DoNotWakeList.Agents, agents)));
    }

    /// <summary>Asked about sleeping apps alone: to an awake one every request is an ordinary visit.</summary>
    public bool MayWake(Visit visit) =>
        visit.Kind != VisitKind.Incidental && !ListOf(visit.App.Visits).Matches(visit.Context.Request);

    private DoNotWakeList ListOf(VisitSettings owners) =>
        owners.DoNotWake is not { } entries ? _hosts
            : _owners.GetValue(owners, _ => _hosts.With(DoNotWakeEntries.Split(entries)));
}
