using Interledger.Net.Packets;

namespace Interledger.Net.AspNetCore;

/// <summary>Answers one Prepare that a peer sent: passes it to a connector or a receiver.</summary>
/// <param name="prepare">
/// The packet, read in the server's buffer. <see cref="IlpPrepareView.ToPrepare"/> makes a copy that outlives the call.
/// </param>
/// <param name="peer">The name of the peer whose token came with the packet.</param>
/// <param name="cancellationToken">Cancelled when the peer disconnects. A packet that is already credited must still be fulfilled.</param>
/// <returns>The bytes of the Fulfill or the Reject, which go into the 200 response.</returns>
public delegate ValueTask<ReadOnlyMemory<byte>> IlpPacketHandler(IlpPrepareView prepare, string peer, CancellationToken cancellationToken);
