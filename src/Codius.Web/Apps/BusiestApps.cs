using System.Diagnostics.Metrics;
using Codius.Web.Hosting.Observability;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps;

/// <summary>
/// The apps with the most requests, chosen anew each minute when metrics are read: a host may have 100,000 apps, and its metrics must not.
/// </summary>
internal sealed class BusiestApps(AppActivity activity, IOptions<TelemetryOptions> options, TimeProvider time)
{
    private static readonly TimeSpan ChosenAnew = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Dictionary<string, long> _before = new(StringComparer.Ordinal);
    private HashSet<string> _chosen = new(StringComparer.Ordinal);
    private long? _chosenAt;

    public Measurement<long>[] Read(Func<AppTraffic, long> value)
    {
        lock (_gate)
        {
            if (_chosenAt is not { } at || time.GetElapsedTime(at) >= ChosenAnew || _chosen.Count < options.Value.BusiestApps) Choose();
            return [.. activity.Traffic.Where(app => _chosen.Contains(app.App))
                .Select(app => new Measurement<long>(value(app), new KeyValuePair<string, object?>("app", app.App)))];
        }
    }

    private void Choose()
    {
        var all = activity.Traffic.ToList();
        _chosen = [.. all.OrderByDescending(app => app.Begun - _before.GetValueOrDefault(app.App)).ThenByDescending(app => app.Begun)
            .Take(options.Value.BusiestApps).Select(app => app.App)];
        if (_chosenAt is { } at && time.GetElapsedTime(at) < ChosenAnew) return;
        _before = all.ToDictionary(app => app.App, app => app.Begun, StringComparer.Ordinal);
        _chosenAt = time.GetTimestamp();
    }
}

/// <summary>What one app has to do at this gateway.</summary>
/// <param name="App">Its name.</param>
/// <param name="Begun">Requests and sockets since it was first visited.</param>
/// <param name="Open">Those that are open now.</param>
internal readonly record struct AppTraffic(string App, long Begun, int Open);
