namespace Interledger.Net.Streaming.Sending;

/// <summary>A packet in flight.</summary>
/// <param name="Amount">Its amount, in the sender's units.</param>
/// <param name="Minimum">The least that must arrive, in the receiver's units.</param>
/// <param name="Most">The most that can arrive at the known rate.</param>
/// <param name="Slack">Units below the strict minimum that were granted to rounding.</param>
/// <param name="SentAt">Timestamp of the clock.</param>
internal readonly record struct SentPacket(ulong Amount, ulong Minimum, ulong Most, ulong Slack, long SentAt);
