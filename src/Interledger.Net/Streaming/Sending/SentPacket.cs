namespace Interledger.Net.Streaming.Sending;

/// <summary>What is remembered of a packet until its answer comes.</summary>
/// <param name="Amount">Units it carries, the sender's.</param>
/// <param name="Minimum">What must arrive at least, the receiver's.</param>
/// <param name="Most">What may arrive at most by what is known of the rate.</param>
/// <param name="Slack">Units below the strict minimum that were granted to rounding.</param>
/// <param name="SentAt">Timestamp of the clock.</param>
internal readonly record struct SentPacket(ulong Amount, ulong Minimum, ulong Most, ulong Slack, long SentAt);
