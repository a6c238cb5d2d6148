using Interledger.Net.Packets;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Interop;

/// <summary>The faults that a <see cref="TestConnector"/> injects, by a seed: the same seed, the same faults.</summary>
internal sealed class NetworkFaults(int seed = 1)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private int _packets;

    public ulong MaxPacket { get; init; } = ulong.MaxValue;

    /// <summary>The rates, taken in turn, each for <see cref="PacketsPerRate"/> packets.</summary>
    public IReadOnlyList<ExchangeRate> Rates { get; init; } = [new ExchangeRate(1, 1)];

    public int PacketsPerRate { get; init; } = 10;

    /// <summary>Parts of a thousand packets that are lost on the way there.</summary>
    public int PreparesLost { get; init; }

    /// <summary>Parts of a thousand whose answer is lost on the way back.</summary>
    public int RepliesLost { get; init; }

    /// <summary>Parts of a thousand that are refused for a while (T03, T04, T05).</summary>
    public int Refused { get; init; }

    /// <summary>
    /// So many first packets are not refused: <c>@interledger/pay</c> has one packet to say who it is, and gives up if that one is refused.
    /// </summary>
    public int NotRefused { get; init; }

    /// <summary>Packets are held back for up to so many milliseconds, each for another time: they overtake each other.</summary>
    public int MaxDelay { get; init; }

    public Fate Next(ulong amount)
    {
        lock (_lock)
        {
            var packet = _packets++;
            var rate = Rates[packet / PacketsPerRate % Rates.Count];
            return new Fate
            {
                Amount = rate.Floor(amount),
                TooLarge = amount > MaxPacket ? new AmountTooLarge(amount, MaxPacket) : null,
                LosesPrepare = _random.Next(1000) < PreparesLost,
                LosesReply = _random.Next(1000) < RepliesLost,
                Refusal = _random.Next(1000) < Refused && packet >= NotRefused ? Refusals[_random.Next(Refusals.Length)] : null,
                Delay = TimeSpan.FromMilliseconds(MaxDelay == 0 ? 0 : _random.Next(MaxDelay)),
            };
        }
    }

    private static IlpErrorCode[] Refusals { get; } =
        [IlpErrorCode.T03ConnectorBusy, IlpErrorCode.T04InsufficientLiquidity, IlpErrorCode.T05RateLimited];

    internal readonly record struct Fate(
        ulong Amount, AmountTooLarge? TooLarge, bool LosesPrepare, bool LosesReply, IlpErrorCode? Refusal, TimeSpan Delay);
}
