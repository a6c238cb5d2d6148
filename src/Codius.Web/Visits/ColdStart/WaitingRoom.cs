using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.ColdStart;

/// <summary>
/// Bounds the requests that wait for apps to wake, per app and in total. The places of an app are shared among clients, those of the
/// gateway also among the apps' owners: one's apps that open late must not keep others' visitors out.
/// </summary>
internal sealed class WaitingRoom(IOptions<ColdStartOptions> options) : IWaitingVisits
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FairPlaces<ClientNetwork>> _apps = new(StringComparer.Ordinal);
    private readonly FairPlaces<ClientNetwork> _clients = new();
    private readonly FairPlaces<string> _owners = new();

    public int Total
    {
        get
        {
            lock (_lock) return _clients.Taken;
        }
    }

    public IReadOnlyDictionary<string, int> ByApp
    {
        get
        {
            lock (_lock) return _apps.ToDictionary(app => app.Key, app => app.Value.Taken, StringComparer.Ordinal);
        }
    }

    public bool TryEnter(HostedApp app, ClientNetwork client)
    {
        lock (_lock)
        {
            var here = _apps.GetValueOrDefault(app.Name) ?? new();
            if (!here.HasRoomFor(client.Party, options.Value.MaxWaitingPerApp)
                || !_clients.HasRoomFor(client.Party, options.Value.MaxWaiting)
                || !_owners.HasRoomFor(OwnerOf(app), options.Value.MaxWaiting)) return false;
            here.Take(client.Party);
            _apps[app.Name] = here;
            _clients.Take(client.Party);
            _owners.Take(OwnerOf(app));
            return true;
        }
    }

    /// <param name="app">The app, as it was when the request entered.</param>
    /// <param name="client">Whose request it was.</param>
    public void Leave(HostedApp app, ClientNetwork client)
    {
        lock (_lock)
        {
            var here = _apps[app.Name];
            here.GiveBack(client.Party);
            if (here.Taken == 0) _apps.Remove(app.Name);
            _clients.GiveBack(client.Party);
            _owners.GiveBack(OwnerOf(app));
        }
    }

    /// <summary>An app without an owner counts for itself.</summary>
    private static string OwnerOf(HostedApp app) => app.CountsWith ?? app.Name;
}
