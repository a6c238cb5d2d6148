using System.Collections.Concurrent;

namespace Codius.Shared;

/// <summary>
/// A token bucket for each of many keys, stored as one number: the time at which the bucket will be full again. A bucket that was unused
/// for as long as filling takes is full, so forgetting it changes nothing: the buckets live in two generations, and at each turn the
/// older one is dropped as a whole. Memory is bounded by two generations. For a known key, acquiring neither locks nor allocates.
/// </summary>
/// <remarks>
/// Compiled into each project that needs it, since <c>OpenPayments.Net</c> references no project. Many keys at once turn the generations
/// early; a caller would have to use two generations of keys to reset the one bucket it emptied.
/// </remarks>
internal sealed class TokenBuckets<TKey> where TKey : notnull
{
    private readonly TimeProvider _time;
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly long _interval;
    private readonly long _fillingTime;
    private readonly int _tracked;
    private readonly Lock _turning = new();
    private volatile Generation _young;
    private volatile Generation _old;
    private long _nextTurn;

    /// <param name="time">The clock.</param>
    /// <param name="perSecond">Tokens a second for each key, in the long run.</param>
    /// <param name="burst">Tokens of a full bucket.</param>
    /// <param name="tracked">Keys of one generation; beyond that the ones used longest ago are reset.</param>
    /// <param name="comparer">How keys are compared; null for their own equality.</param>
    public TokenBuckets(TimeProvider time, int perSecond, int burst, int tracked = 16_384, IEqualityComparer<TKey>? comparer = null)
    {
        _time = time;
        _comparer = comparer;
        _interval = Math.Max(1, time.TimestampFrequency / perSecond);
        _fillingTime = _interval * burst;
        _tracked = tracked;
        _young = new Generation(comparer);
        _old = new Generation(comparer);
        _nextTurn = time.GetTimestamp() + _fillingTime;
    }

    /// <summary>Keys remembered now.</summary>
    public int Remembered => _young.Count + _old.Count;

    /// <summary>Acquires one token; false, with the time until there is one, if the bucket is empty.</summary>
    public bool TryAcquire(TKey key, out TimeSpan retryAfter)
    {
        var now = _time.GetTimestamp();
        if (now >= Volatile.Read(ref _nextTurn) || _young.Count >= _tracked) Turn(now);
        return Find(key).TryAcquire(now, this, out retryAfter);
    }

    private Bucket Find(TKey key)
    {
        var young = _young;
        if (young.Buckets.TryGetValue(key, out var bucket)) return bucket;
        var fresh = _old.Buckets.TryGetValue(key, out var known) ? known : new Bucket();
        bucket = young.Buckets.GetOrAdd(key, fresh);
        if (ReferenceEquals(bucket, fresh)) Interlocked.Increment(ref young.Count);
        return bucket;
    }

    private void Turn(long now)
    {
        lock (_turning)
        {
            if (now < _nextTurn && _young.Count < _tracked) return;
            // After a long pause the young ones are full as well; keeping them for one more turn costs nothing.
            _old = _young;
            _young = new Generation(_comparer);
            Volatile.Write(ref _nextTurn, now + _fillingTime);
        }
    }

    private sealed class Generation(IEqualityComparer<TKey>? comparer)
    {
        public readonly ConcurrentDictionary<TKey, Bucket> Buckets = new(comparer);
        public int Count;
    }

    private sealed class Bucket
    {
        private long _fullAt;

        public bool TryAcquire(long now, TokenBuckets<TKey> limit, out TimeSpan retryAfter)
        {
            while (true)
            {
                var seen = Volatile.Read(ref _fullAt);
                var fullAt = Math.Max(seen, now) + limit._interval;
                if (fullAt - now > limit._fillingTime)
                {
                    retryAfter = limit._time.GetElapsedTime(now, fullAt - limit._fillingTime);
                    return false;
                }
                retryAfter = TimeSpan.Zero;
                if (Interlocked.CompareExchange(ref _fullAt, fullAt, seen) == seen) return true;
            }
        }
    }
}
