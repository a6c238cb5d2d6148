using System.Globalization;
using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps;

namespace Codius.Web.Admin.Dashboard.Traffic;

/// <summary>The apps with the most visits, the busiest first.</summary>
public sealed record BusiestModel(IReadOnlyList<BusiestModel.Line> Lines, DateTimeOffset Since)
{
    internal static BusiestModel Of(IReadOnlyList<VisitedApp> apps, DateTimeOffset since, IAppCatalog catalog, IAppRunner runner)
    {
        var most = apps.Count == 0 ? 1 : apps[0].Visits;
        return new BusiestModel(
        [
            .. from visited in apps
               let app = catalog.Current.TryFind(visited.Name, out var found) ? found : null
               where app is not null
               select new Line(
                   visited.Name, app.BlockedWords is null ? AppRows.StateName(runner.StateOf(app)) : "blocked", visited.Visits,
                   visited.Open, Math.Max(2, (int)(100 * (Int128)visited.Visits / most))),
        ], since);
    }

    /// <summary>One app.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="State">As the list of apps has it.</param>
    /// <param name="Visits">How many.</param>
    /// <param name="Open">Open requests and sockets now.</param>
    /// <param name="Percent">Of those of the busiest.</param>
    public sealed record Line(string Name, string State, long Visits, int Open, int Percent)
    {
        public string Called => AppLine.CalledOf(Name);

        public string Number => Visits.ToString("N0", CultureInfo.InvariantCulture);
    }
}
