namespace Codius.Web.JourneyTests.Faults;

/// <summary>The answers that visitors of one gateway got, and how long they got no good one.</summary>
internal sealed class AnswerLog
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, int> _statuses = [];
    private readonly Dictionary<long, int> _bySecond = [];
    private long? _firstBad, _lastBad, _lastGood;

    /// <summary>Requests without an answer that the app may have received.</summary>
    public int Cut { get; private set; }

    /// <summary>Requests that reached no gateway.</summary>
    public int Refused { get; private set; }

    /// <summary>Answers 503 that do not say when to come again.</summary>
    public int WithoutRetryAfter { get; private set; }

    /// <summary>The longest time in which no visitor got a 200.</summary>
    public TimeSpan LongestBad { get; private set; }

    /// <summary>The longest time that one visitor waited for an answer.</summary>
    public TimeSpan LongestWait { get; private set; }

    public IReadOnlyDictionary<int, int> Statuses
    {
        get
        {
            lock (_gate) return new SortedDictionary<int, int>(_statuses);
        }
    }

    /// <summary>The most visits that were answered 200 within a second.</summary>
    public int MostInASecond
    {
        get
        {
            lock (_gate) return _bySecond.Values.DefaultIfEmpty().Max();
        }
    }

    public int Good => Count(200);

    public int Count(int status)
    {
        lock (_gate) return _statuses.GetValueOrDefault(status);
    }

    /// <summary>How long after a time the last visit ended without a 200; zero if none did.</summary>
    public TimeSpan BadAfter(long time)
    {
        lock (_gate) return _lastBad > time ? TimeProvider.System.GetElapsedTime(time, _lastBad.Value) : TimeSpan.Zero;
    }

    /// <summary>True if a visit got a 200 after a time.</summary>
    public bool IsGoodSince(long time)
    {
        lock (_gate) return _lastGood > time;
    }

    /// <summary>True if visits got 200 and nothing else for so long, and one just now.</summary>
    public bool IsGoodFor(TimeSpan span)
    {
        lock (_gate)
        {
            return _lastGood is { } good && TimeProvider.System.GetElapsedTime(good) < span
                && (_lastBad is not { } bad || TimeProvider.System.GetElapsedTime(bad, good) >= span);
        }
    }

    public void Answered(long asked, int status, bool hasRetryAfter)
    {
        lock (_gate)
        {
            _statuses[status] = _statuses.GetValueOrDefault(status) + 1;
            if (status == 503 && !hasRetryAfter) WithoutRetryAfter++;
            End(asked, status == 200);
        }
    }

    public void Unanswered(long asked, bool mayBeForwarded)
    {
        lock (_gate)
        {
            if (mayBeForwarded) Cut++;
            else Refused++;
            End(asked, good: false);
        }
    }

    private void End(long asked, bool good)
    {
        var now = TimeProvider.System.GetTimestamp();
        var waited = TimeProvider.System.GetElapsedTime(asked, now);
        if (waited > LongestWait) LongestWait = waited;
        if (!good)
        {
            _firstBad ??= now;
            _lastBad = now;
            return;
        }
        if (_firstBad is { } since && TimeProvider.System.GetElapsedTime(since, now) is var bad && bad > LongestBad) LongestBad = bad;
        (_firstBad, _lastGood) = (null, now);
        var second = now / TimeProvider.System.TimestampFrequency;
        _bySecond[second] = _bySecond.GetValueOrDefault(second) + 1;
    }
}
