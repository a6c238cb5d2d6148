using System.Diagnostics.CodeAnalysis;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>What a <see cref="StreamReceiver"/> makes of a packet: either the finished reply, or money to be credited first.</summary>
public readonly struct StreamDecision
{
    internal StreamDecision(StreamOutcome outcome, byte[] reply)
    {
        Outcome = outcome;
        Reply = reply;
    }

    internal StreamDecision(in IncomingMoney money)
    {
        Outcome = StreamOutcome.Money;
        Money = money;
    }

    /// <summary>Which of the ways it went; for metrics.</summary>
    public StreamOutcome Outcome { get; }

    /// <summary>Whether nothing is left to decide; otherwise <see cref="Money"/> waits for one of its answers.</summary>
    [MemberNotNullWhen(true, nameof(Reply))]
    public bool IsFinished => Reply is not null;

    /// <summary>The bytes of the Fulfill or Reject to send back; null when there is <see cref="Money"/>.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "The reply is the caller's own; nobody else keeps it.")]
    public byte[]? Reply { get; }

    /// <summary>The money, when <see cref="Outcome"/> is <see cref="StreamOutcome.Money"/>.</summary>
    public IncomingMoney Money { get; }
}
