using System.Runtime.InteropServices;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>Bounds the requests that wait for their turn under the rate limit, per client and in total.</summary>
internal sealed class WaitingClients(IOptions<ClientLimitOptions> options, LiveGateways gateways)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, int> _perClient = [];
    private int _all;

    public bool TryEnter(ClientNetwork client)
    {
        lock (_lock)
        {
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_perClient, client, out _);
            if (own >= gateways.ShareOf(options.Value.MaxWaitingPerClient) || _all >= options.Value.MaxWaiting)
            {
                if (own == 0) _perClient.Remove(client);
                return false;
            }
            own++;
            _all++;
            return true;
        }
    }

    public void Leave(ClientNetwork client)
    {
        lock (_lock)
        {
            _all--;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_perClient, client) == 0) _perClient.Remove(client);
        }
    }
}
