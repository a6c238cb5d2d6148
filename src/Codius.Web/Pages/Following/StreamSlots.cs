using System.Net;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Following;

/// <summary>Limits open event streams, in all and per client address: one client's idle connections must not exhaust the gateway.</summary>
internal sealed class StreamSlots(IOptions<PageOptions> options, LiveGateways gateways)
{
    private readonly Dictionary<ClientNetwork, int> _perClient = [];
    private readonly Lock _lock = new();
    private int _open;

    /// <summary>Open streams now.</summary>
    public int Open => Volatile.Read(ref _open);

    public SlotOutcome TryReserve(IPAddress? address, out IDisposable? slot)
    {
        var client = ClientNetwork.Of(address);
        slot = null;
        lock (_lock)
        {
            if (_open >= options.Value.MaxEventStreams) return SlotOutcome.Full;
            var own = _perClient.GetValueOrDefault(client);
            if (own >= gateways.ShareOf(options.Value.MaxEventStreamsPerClient)) return SlotOutcome.TooManyOfClient;
            _perClient[client] = own + 1;
            _open++;
        }
        slot = new Slot(this, client);
        return SlotOutcome.Reserved;
    }

    private void Release(ClientNetwork client)
    {
        lock (_lock)
        {
            _open--;
            if (_perClient[client] == 1) _perClient.Remove(client);
            else _perClient[client]--;
        }
    }

    private sealed class Slot(StreamSlots slots, ClientNetwork client) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) slots.Release(client);
        }
    }
}

/// <summary>The outcomes of reserving a slot.</summary>
internal enum SlotOutcome
{
    /// <summary>Dispose the slot when the stream ends.</summary>
    Reserved,

    /// <summary>This client has as many as one client may have: 429.</summary>
    TooManyOfClient,

    /// <summary>The gateway has as many as it may have: 503.</summary>
    Full,
}
