namespace Interledger.Net.Packets;

/// <summary>A way into the network: takes a Prepare, gives the Fulfill or Reject that comes back (RFC 27).</summary>
/// <remarks>
/// An implementation answers every Prepare: trouble on the way is a Reject of its own making (T01 when the peer cannot be reached, T00 when
/// it fails, R00 when no answer came in time), never an exception. Only a cancellation throws, and leaves open whether the packet was
/// fulfilled.
/// </remarks>
public interface IIlpSender
{
    /// <summary>Sends one packet and waits for its answer.</summary>
    /// <param name="prepare">The Prepare's bytes; must not change until the task ends.</param>
    /// <param name="cancellationToken">Gives up waiting. What became of the packet is then unknown.</param>
    /// <returns>The bytes of the Fulfill or the Reject.</returns>
    ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken);
}
