namespace Interledger.Net.Packets;

/// <summary>A link into the network: sends a Prepare and returns the Fulfill or Reject (RFC 27).</summary>
/// <remarks>
/// An implementation replies to every Prepare: a failure is a Reject of its own (T01 when the peer cannot be reached, T00 when it fails,
/// R00 when no reply came in time), never an exception. Only a cancellation throws, and it is then unknown whether the packet was
/// fulfilled.
/// </remarks>
public interface IIlpSender
{
    /// <summary>Sends one packet and waits for the reply.</summary>
    /// <param name="prepare">The Prepare's bytes; must not change until the task ends.</param>
    /// <param name="cancellationToken">Stops waiting. It is then unknown whether the packet was fulfilled.</param>
    /// <returns>The bytes of the Fulfill or the Reject.</returns>
    ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken);
}
