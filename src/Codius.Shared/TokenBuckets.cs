using System.Collections.Concurrent;

namespace Codius.Shared;

/// <summary>
/// A token bucket for each of many keys, stored as one number: the time at which the bucket will be full again. A bucket that was unused
/// for as long as filling takes is full, so forgetting it changes nothing: the buckets live in two generations, and at each turn the
/// older one is dropped as a whole. Memory is bounded by two generations. For a known key, acquiring neither locks nor allocates.
/// A caller that may wait acquires a token ahead of its time: the callers of one key get their tokens in the order in which they came.
/// </summary>
/// <remarks>
/// Compiled into each project that needs it, since <c>OpenPayments.Net</c> references no project. Many keys at once turn the generations
/// early; a caller would have to use two generations of keys to reset the one bucket it emptied.
/// </remarks>
internal sealed class TokenBuckets<TKey> where TKey : notnull
{
    private readonly TimeProvider _time;
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly BucketRate _rate;
    private readonly int _tracked;
    private readonly Lock _turning = new();
    private volatile Generation _young;
    private volatile Generation _old;
    private long _longestUse;
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
        _rate = new BucketRate(perSecond, burst);
        _tracked = tracked;
        _young = new Generation(comparer);
        _old = new Generation(comparer);
        _longestUse = FillingTime(_rate);
        _nextTurn = time.GetTimestamp() + _longestUse;
    }

    /// <summary>Keys remembered now.</summary>
    public int Remembered => _young.Count + _old.Count;

    /// <summary>Acquires one token; false, with the time until there is one, if the bucket is empty.</summary>
    public bool TryAcquire(TKey key, out TimeSpan retryAfter) => TryAcquire(key, _rate, TimeSpan.Zero, out retryAfter);

    /// <summary>Acquires one token at a rate of the key's own, if need be one that the bucket has not got yet.</summary>
    /// <param name="key">The key; one with another rate is another key.</param>
    /// <param name="rate">Its rate.</param>
    /// <param name="longest">How long the caller would wait; then it gets none.</param>
    /// <param name="wait">How long the caller must wait until the token is its own; if it got none, until there would be one.</param>
    public bool TryAcquire(TKey key, BucketRate rate, TimeSpan longest, out TimeSpan wait)
    {
        var now = _time.GetTimestamp();
        var ahead = (long)(longest.TotalSeconds * _time.TimestampFrequency);
        var use = FillingTime(rate) + ahead;
        if (use > Volatile.Read(ref _longestUse)) Lengthen(use);
        if (now >= Volatile.Read(ref _nextTurn) || _young.Count >= _tracked) Turn(now);
        var granted = Find(key).TryAcquire(now, Interval(rate), use, out var fullAt);
        var wanted = fullAt - FillingTime(rate);
        wait = wanted > now ? _time.GetElapsedTime(now, wanted) : TimeSpan.Zero;
        return granted;
    }

    /// <summary>Puts a token back whose caller did not wait for it.</summary>
    public void Return(TKey key, BucketRate rate) => Find(key).Return(Interval(rate));

    private long Interval(BucketRate rate) => Math.Max(1, _time.TimestampFrequency * rate.Seconds / rate.PerSecond);

    private long FillingTime(BucketRate rate) => Interval(rate) * rate.Burst;

    private Bucket Find(TKey key)
    {
        var young = _young;
        if (young.Buckets.TryGetValue(key, out var bucket)) return bucket;
        var fresh = _old.Buckets.TryGetValue(key, out var known) ? known : new Bucket();
        bucket = young.Buckets.GetOrAdd(key, fresh);
        if (ReferenceEquals(bucket, fresh)) Interlocked.Increment(ref young.Count);
        return bucket;
    }

    /// <summary>A generation must last as long as the slowest of its buckets needs to be full again.</summary>
    private void Lengthen(long use)
    {
        lock (_turning)
        {
            if (use <= _longestUse) return;
            Volatile.Write(ref _nextTurn, _nextTurn + use - _longestUse);
            Volatile.Write(ref _longestUse, use);
        }
    }

    private void Turn(long now)
    {
        lock (_turning)
        {
            if (now < _nextTurn && _young.Count < _tracked) return;
            // After a long pause the young ones are full as well; keeping them for one more turn costs nothing.
            _old = _young;
            _young = new Generation(_comparer);
            Volatile.Write(ref _nextTurn, now + _longestUse);
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

        public bool TryAcquire(long now, long interval, long longest, out long fullAt)
        {
            while (true)
            {
                var seen = Volatile.Read(ref _fullAt);
                fullAt = Math.Max(seen, now) + interval;
                if (fullAt - now > longest) return false;
                if (Interlocked.CompareExchange(ref _fullAt, fullAt, seen) == seen) return true;
            }
        }

        public void Return(long interval) => Interlocked.Add(ref _fullAt, -interval);
    }
}

/// <summary>How fast a bucket fills, and how much fits into it.</summary>
/// <param name="PerSecond">Tokens a second, in the long run.</param>
/// <param name="Burst">Tokens of a full bucket.</param>
/// <param name="Seconds">Seconds in which they come, for a bucket that fills more slowly than by a token a second.</param>
internal readonly record struct BucketRate(int PerSecond, int Burst, int Seconds = 1)
{
    /// <summary>One of so many equal parts, rounded up.</summary>
    public BucketRate Part(int parts) => this with { PerSecond = PartOf(PerSecond, parts), Burst = PartOf(Burst, parts) };

    /// <summary>
    /// The share of one of several servers: a part, but of fewer tokens a second than there are servers each gets as many in a longer time,
    /// so that all together never give many times the rate.
    /// </summary>
    public BucketRate ShareOf(int servers) =>
        PerSecond >= servers ? Part(servers) : this with { Seconds = Seconds * servers, Burst = PartOf(Burst, servers) };

    /// <summary>One of so many equal parts of a limit, rounded up.</summary>
    public static int PartOf(int limit, int parts) => (int)(((long)limit + parts - 1) / parts);
}
