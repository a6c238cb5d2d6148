using System.Net;
using Codius.Shared;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Following;

/// <summary>
/// Limits open event streams, in all and per client address, and shares them among parties: nobody's idle connections must exhaust the
/// gateway.
/// </summary>
internal sealed class StreamSlots(IOptions<PageOptions> options, LiveGateways gateways)
{
    private readonly FairPlaces<ClientNetwork> _clients = new();
    private readonly FairPlaces<ClientNetwork> _parties = new();
    private readonly Lock _lock = new();

    /// <summary>Open streams now.</summary>
    public int Open
    {
        get { lock (_lock) return _parties.Taken; }
    }

    public SlotOutcome TryReserve(IPAddress? address, out IDisposable? slot)
    {
        var client = ClientNetwork.Of(address);
        slot = null;
        lock (_lock)
        {
            if (_parties.Taken >= options.Value.MaxEventStreams) return SlotOutcome.Full;
            if (_clients.TakenBy(client) >= gateways.ShareOf(options.Value.MaxEventStreamsPerClient)
                || !_parties.HasRoomFor(client.Party, options.Value.MaxEventStreams)) return SlotOutcome.TooManyOfClient;
            _clients.Take(client);
            _parties.Take(client.Party);
        }
        slot = new Slot(this, client);
        return SlotOutcome.Reserved;
    }

    private void Release(ClientNetwork client)
    {
        lock (_lock)
        {
            _clients.GiveBack(client);
            _parties.GiveBack(client.Party);
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

    /// <summary>This client, or its party, has as many as one may have: 429.</summary>
    TooManyOfClient,

    /// <summary>The gateway has as many as it may have: 503.</summary>
    Full,
}
