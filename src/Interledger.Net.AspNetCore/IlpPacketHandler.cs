namespace Interledger.Net.AspNetCore;

/// <summary>Answers one Prepare that a peer sent: the place where ILP over HTTP ends and a connector or a receiver begins.</summary>
/// <param name="prepare">The packet's bytes, known to be a Prepare. They lie in a pooled buffer: valid only until the task ends.</param>
/// <param name="peer">The name of the peer whose token came with the packet.</param>
/// <param name="cancellationToken">Set when the peer has hung up. Money that is already counted must be finished all the same.</param>
/// <returns>The bytes of the Fulfill or the Reject, which go into the 200 response.</returns>
public delegate ValueTask<ReadOnlyMemory<byte>> IlpPacketHandler(ReadOnlyMemory<byte> prepare, string peer, CancellationToken cancellationToken);
