using System.Net;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Following;

/// <summary>Counts open event streams, in all and per client address, so that nobody can fill the gateway with silent connections.</summary>
internal sealed class StreamPlaces(IOptions<PageOptions> options)
{
    private readonly Dictionary<IPAddress, int> _perClient = [];
    private readonly Lock _lock = new();
    private int _open;

    /// <summary>Open streams now.</summary>
    public int Open => Volatile.Read(ref _open);

    public PlaceOutcome TryTake(IPAddress? address, out IDisposable? place)
    {
        var client = ClientNetwork.Of(address);
        place = null;
        lock (_lock)
        {
            if (_open >= options.Value.MaxEventStreams) return PlaceOutcome.Full;
            var own = _perClient.GetValueOrDefault(client);
            if (own >= options.Value.MaxEventStreamsPerClient) return PlaceOutcome.TooManyOfOne;
            _perClient[client] = own + 1;
            _open++;
        }
        place = new Place(this, client);
        return PlaceOutcome.Taken;
    }

    private void Leave(IPAddress client)
    {
        lock (_lock)
        {
            _open--;
            if (_perClient[client] == 1) _perClient.Remove(client);
            else _perClient[client]--;
        }
    }

    private sealed class Place(StreamPlaces places, IPAddress client) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) places.Leave(client);
        }
    }
}

/// <summary>All that can become of asking for a place.</summary>
internal enum PlaceOutcome
{
    /// <summary>Dispose the place when the stream ends.</summary>
    Taken,

    /// <summary>This client has as many as one client may have: 429.</summary>
    TooManyOfOne,

    /// <summary>The gateway has as many as it may have: 503.</summary>
    Full,
}
