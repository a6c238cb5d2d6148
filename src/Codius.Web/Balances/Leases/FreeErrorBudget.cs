using Codius.Web.Hosting.Rates;

namespace Codius.Web.Balances.Leases;

/// <summary>
/// An app's errors of the current minute that cost nothing, so that no client pays for a failure; later ones are charged, so that no app
/// is hosted for free by answering 500. The ledger counts them for the whole host; between two of its answers this gateway uses its share
/// of what was left.
/// </summary>
internal sealed class FreeErrorBudget(int limit, LiveGateways gateways, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private int _left, _unreported;
    private long _begun;
    private TimeSpan _lasts; // zero: no minute has begun

    /// <summary>Those that no answered request has counted.</summary>
    public int Unreported
    {
        get
        {
            lock (_gate) return _unreported;
        }
    }

    /// <summary>True if a new object in place of this one would allow the same.</summary>
    public bool IsUnused
    {
        get
        {
            lock (_gate) return _unreported == 0 && IsOver;
        }
    }

    private bool IsOver => time.GetElapsedTime(_begun) >= _lasts;

    public bool TryUse()
    {
        lock (_gate)
        {
            if (IsOver) Begin(Minute, gateways.ShareOf(limit));
            if (_left == 0) return false;
            _left--;
            _unreported++;
            return true;
        }
    }

    /// <summary>The ledger has counted those of a request.</summary>
    /// <param name="reported">How many.</param>
    /// <param name="ofHost">How many all gateways have used in this minute.</param>
    /// <param name="endsIn">When the minute ends; zero if none has begun.</param>
    public void Counted(int reported, int ofHost, TimeSpan endsIn)
    {
        lock (_gate)
        {
            _unreported -= reported;
            if (endsIn == TimeSpan.Zero && _unreported > 0) return;
            Begin(endsIn, Math.Max(0, gateways.ShareOf(Math.Max(0, limit - ofHost)) - _unreported));
        }
    }

    /// <summary>It is not known whether the ledger has counted those of a request, nor will be: the host bears them.</summary>
    /// <param name="reported">How many.</param>
    public void Forget(int reported)
    {
        lock (_gate) _unreported -= reported;
    }

    private void Begin(TimeSpan lasts, int left) => (_begun, _lasts, _left) = (time.GetTimestamp(), lasts, left);
}
