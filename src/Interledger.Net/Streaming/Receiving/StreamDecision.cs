using System.Diagnostics.CodeAnalysis;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>The decision of a <see cref="StreamReceiver"/> on a packet: a finished reply, or money to be credited first.</summary>
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

    /// <summary>The outcome, for metrics.</summary>
    public StreamOutcome Outcome { get; }

    /// <summary>Whether <see cref="Reply"/> is finished; otherwise <see cref="Money"/> must be answered.</summary>
    [MemberNotNullWhen(true, nameof(Reply))]
    public bool IsFinished => Reply is not null;

    /// <summary>The bytes of the Fulfill or Reject to send back; null when there is <see cref="Money"/>.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "The array belongs to the caller; no other code keeps it.")]
    public byte[]? Reply { get; }

    /// <summary>The money, when <see cref="Outcome"/> is <see cref="StreamOutcome.Money"/>.</summary>
    public IncomingMoney Money { get; }
}
