using Codius.Shared;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>Bounds the requests that wait for their turn under the rate limit, per client and in total, shared among parties.</summary>
internal sealed class WaitingClients(IOptions<ClientLimitOptions> options, LiveGateways gateways)
{
    private readonly Lock _lock = new();
    private readonly FairPlaces<ClientNetwork> _clients = new();
    private readonly FairPlaces<ClientNetwork> _parties = new();

    public bool TryEnter(ClientNetwork client)
    {
        lock (_lock)
        {
            if (_clients.TakenBy(client) >= gateways.ShareOf(options.Value.MaxWaitingPerClient)
                || !_parties.HasRoomFor(client.Party, options.Value.MaxWaiting)) return false;
            _clients.Take(client);
            _parties.Take(client.Party);
            return true;
        }
    }

    public void Leave(ClientNetwork client)
    {
        lock (_lock)
        {
            _clients.GiveBack(client);
            _parties.GiveBack(client.Party);
        }
    }
}
