using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Arrival;

/// <summary>
/// A token bucket per client and app, kept as one number: the time at which the bucket will be full again. A bucket
/// nobody drew from for as long as filling takes is full, so forgetting it changes nothing: the buckets live in two
/// generations, and at each turn the elder one is dropped whole. Memory is bounded by two generations.
/// </summary>
internal sealed class ClientLimit
{
    private readonly TimeProvider _time;
    private readonly long _interval;
    private readonly long _fillingTime;
    private readonly int _tracked;
    private readonly Lock _turning = new();
    private volatile Generation _young = new();
    private volatile Generation _old = new();
    private long _nextTurn;

    public ClientLimit(TimeProvider time, IOptions<ClientLimitOptions> options)
    {
        _time = time;
        _interval = Math.Max(1, time.TimestampFrequency / options.Value.PerSecond);
        _fillingTime = _interval * options.Value.Burst;
        _tracked = options.Value.Tracked;
        _nextTurn = time.GetTimestamp() + _fillingTime;
    }

    /// <summary>Clients remembered now.</summary>
    public int Remembered => _young.Count + _old.Count;

    /// <summary>Takes one token; false, with the seconds until there is one, if the client sends too fast.</summary>
    public bool TryTake(ClientOfApp client, out int retryAfter)
    {
        var now = _time.GetTimestamp();
        if (now >= Volatile.Read(ref _nextTurn) || _young.Count >= _tracked) Turn(now);
        return Find(client).TryTake(now, this, out retryAfter);
    }

    private Bucket Find(ClientOfApp client)
    {
        var young = _young;
        if (young.Buckets.TryGetValue(client, out var bucket)) return bucket;
        var fresh = _old.Buckets.TryGetValue(client, out var known) ? known : new Bucket();
        bucket = young.Buckets.GetOrAdd(client, fresh);
        if (ReferenceEquals(bucket, fresh)) Interlocked.Increment(ref young.Count);
        return bucket;
    }

    private void Turn(long now)
    {
        lock (_turning)
        {
            if (now < _nextTurn && _young.Count < _tracked) return;
            // After a long silence the young ones are full as well; keeping them once more costs nothing.
            _old = _young;
            _young = new Generation();
            Volatile.Write(ref _nextTurn, now + _fillingTime);
        }
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<ClientOfApp, Bucket> Buckets = new();
        public int Count;
    }

    private sealed class Bucket
    {
        private long _fullAt;

        public bool TryTake(long now, ClientLimit limit, out int retryAfter)
        {
            while (true)
            {
                var seen = Volatile.Read(ref _fullAt);
                var fullAt = Math.Max(seen, now) + limit._interval;
                var early = fullAt - now - limit._fillingTime;
                if (early > 0)
                {
                    retryAfter = (int)Math.Ceiling((double)early / limit._time.TimestampFrequency);
                    return false;
                }
                retryAfter = 0;
                if (Interlocked.CompareExchange(ref _fullAt, fullAt, seen) == seen) return true;
            }
        }
    }
}
