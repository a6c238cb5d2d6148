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

    /// <summary>The rates, used in turn, each for <see cref="PacketsPerRate"/> packets.</summary>
    public IReadOnlyList<ExchangeRate> Rates { get; init; } = [new ExchangeRate(1, 1)];

    public int PacketsPerRate { get; init; } = 10;

    /// <summary>Lost Prepares, per thousand packets.</summary>
    public int PreparesLost { get; init; }

    /// <summary>Lost replies, per thousand packets.</summary>
    public int RepliesLost { get; init; }

    /// <summary>Temporary Rejects (T03, T04, T05), per thousand packets.</summary>
    public int Refused { get; init; }

    /// <summary>
    /// The first packets that are never refused: <c>@interledger/pay</c> announces itself in one packet, and gives up if that is refused.
    /// </summary>
    public int NotRefused { get; init; }

    /// <summary>The maximum random delay of a packet in milliseconds, which reorders packets.</summary>
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
