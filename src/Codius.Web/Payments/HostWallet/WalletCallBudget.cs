using System.Net;
using Codius.Shared;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// The calls to the host's wallet that <see cref="PaymentsOptions.WalletCalls"/> allows this gateway. A payer waits a moment for one; looks
/// at payments use what is left, and half is theirs alone, so that whoever asks for payments does not delay credits. Of the other half, and
/// of the hints that put a payment before others, half is kept for those that ask seldom, and one party has a third of the rest at most.
/// </summary>
internal sealed class WalletCallBudget(IOptions<PaymentsOptions> options, LiveGateways gateways, TimeProvider time)
{
    private const string Wallet = "";
    private const int BurstSeconds = 3;

    // A hint makes two looks that go before others, and not more than half of the calls may be made so.
    private const int HintsInCalls = 4;
    private const int OneParty = 6; // a third of the half that is not kept
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // A person pays once in a while; programs and wallets' servers ask more often.
    private static readonly BucketRate Seldom = new(1, 3, Seconds: 20);

    private readonly BucketRate _rate = new(options.Value.WalletCalls, options.Value.WalletCalls);
    private readonly TokenBuckets<string> _calls = new(time, options.Value.WalletCalls, options.Value.WalletCalls);
    private readonly FairBuckets<string> _payers = Fair(time, (options.Value.WalletCalls + 1) / 2);
    private readonly FairBuckets<string> _hints = Fair(time, (options.Value.WalletCalls + HintsInCalls - 1) / HintsInCalls);
    private long _pausedUntil;

    /// <summary>How long the wallet still wants no calls.</summary>
    public TimeSpan Paused
    {
        get
        {
            var (now, until) = (time.GetTimestamp(), Volatile.Read(ref _pausedUntil));
            return until > now ? time.GetElapsedTime(now, until) : TimeSpan.Zero;
        }
    }

    /// <summary>Waits until a payer's call may be made; false if that would take too long, or the payer has had too many.</summary>
    public async Task<bool> WaitAsync(IPAddress? payer, CancellationToken cancellation)
    {
        if (Paused > LongestWait || !_payers.TryAcquire(ClientNetwork.Of(payer), Wallet, gateways.Count, out _)
            || !_calls.TryAcquire(Wallet, gateways.ShareOf(_rate), LongestWait, out var wait))
        {
            HostWalletMeter.Called("create", "over budget");
            return false;
        }
        if (Paused is var paused && paused > wait) wait = paused;
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
        return true;
    }

    /// <summary>True if a hint of this party may put a payment before others, whoever made the payment.</summary>
    public bool TryHint(IPAddress? party) => _hints.TryAcquire(ClientNetwork.Of(party), Wallet, gateways.Count, out _);

    /// <summary>Acquires calls that can be made now, at most this many.</summary>
    public int Acquire(int most)
    {
        if (Paused > TimeSpan.Zero) return 0;
        var acquired = 0;
        while (acquired < most && _calls.TryAcquire(Wallet, gateways.ShareOf(_rate), TimeSpan.Zero, out _)) acquired++;
        return acquired;
    }

    /// <summary>Puts back calls that were not made.</summary>
    public void Return(int count)
    {
        for (; count > 0; count--) _calls.Return(Wallet, gateways.ShareOf(_rate));
    }

    /// <summary>The wallet asked to be left alone for a time (<c>Retry-After</c>).</summary>
    public void Pause(TimeSpan pause)
    {
        if (pause > LongestPause) pause = LongestPause;
        var until = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        if (until > Volatile.Read(ref _pausedUntil)) Volatile.Write(ref _pausedUntil, until);
    }

    private static FairBuckets<string> Fair(TimeProvider time, int perSecond)
    {
        var whole = new BucketRate(perSecond, BurstSeconds * perSecond);
        return new(time, whole, perParty: new(perSecond, whole.Part(OneParty).Burst, Seconds: OneParty), Seldom);
    }
}
