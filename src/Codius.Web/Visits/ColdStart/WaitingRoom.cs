using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.ColdStart;

/// <summary>Bounds the requests that wait for apps to wake, per app and in total.</summary>
internal sealed class WaitingRoom(IOptions<ColdStartOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _perApp = new(StringComparer.Ordinal);
    private int _all;

    public bool TryEnter(string app)
    {
        lock (_lock)
        {
            ref var here = ref CollectionsMarshal.GetValueRefOrAddDefault(_perApp, app, out _);
            if (here >= options.Value.MaxWaitingPerApp || _all >= options.Value.MaxWaiting)
            {
                if (here == 0) _perApp.Remove(app);
                return false;
            }
            here++;
            _all++;
            return true;
        }
    }

    public void Leave(string app)
    {
        lock (_lock)
        {
            _all--;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_perApp, app) == 0) _perApp.Remove(app);
        }
    }
}
