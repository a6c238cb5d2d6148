using System.Net;
using Codius.Shared;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>
/// Locks a client out that guesses tokens: after ten different wrong ones for a second, then for twice as long after each further one, up
/// to 15 minutes. A program that repeats one old token guesses once; other clients are not affected.
/// </summary>
internal sealed partial class GuessLockout(TimeProvider time, LiveGateways gateways, ILogger<GuessLockout> log)
{
    /// <summary>Wrong tokens of one client before it is locked out; of several gateways each allows its share.</summary>
    public const int FreeGuesses = 10;

    private const int Tracked = 4_096;
    private const int MostRemembered = 64;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private readonly RecentlyUsed<ClientNetwork, Guesses> _clients = new(Tracked);

    /// <summary>How long a client must wait before any token of its is looked at; null if it need not.</summary>
    public TimeSpan? WaitOf(IPAddress? client) =>
        _clients.TryGet(ClientNetwork.Of(client).Party, out var guesses) ? guesses.Wait(time.GetUtcNow()) : null;

    /// <summary>A client sent a token that is none.</summary>
    public void Guessed(IPAddress? client, ReadOnlySpan<byte> hash)
    {
        var party = ClientNetwork.Of(client).Party;
        var guesses = _clients.GetOrAdd(party, static _ => new Guesses());
        if (guesses.Add(BitConverter.ToUInt64(hash), time.GetUtcNow(), gateways.ShareOf(FreeGuesses)) is { } wait)
            LogLocked(party.ToAddress(), guesses.Count, wait);
    }

    [LoggerMessage(LogLevel.Warning, "Client {Client} has sent {Count} wrong admin tokens: it is locked out for {Wait}")]
    private partial void LogLocked(IPAddress client, int count, TimeSpan wait);

    /// <summary>The wrong tokens of one client.</summary>
    private sealed class Guesses
    {
        private readonly Lock _gate = new();
        // A part of the hashes: which tokens were tried, not what they are.
        private readonly Queue<ulong> _seen = new();
        private DateTimeOffset _last;
        private DateTimeOffset _until;

        public int Count { get; private set; }

        public TimeSpan? Wait(DateTimeOffset now)
        {
            lock (_gate) return _until > now ? _until - now : null;
        }

        /// <summary>Null if the token was tried before, or is one of the first.</summary>
        public TimeSpan? Add(ulong token, DateTimeOffset now, int free)
        {
            lock (_gate)
            {
                if (now - _last > Forgotten)
                {
                    Count = 0;
                    _seen.Clear();
                }
                if (_seen.Contains(token)) return null;
                if (_seen.Count == MostRemembered) _seen.Dequeue();
                _seen.Enqueue(token);
                _last = now;
                if (++Count <= free) return null;
                var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(Count - free - 1, 20)), Longest.TotalSeconds));
                _until = now + wait;
                return wait;
            }
        }
    }
}
