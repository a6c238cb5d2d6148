using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>What a sender needs to pay by STREAM; send it over an encrypted channel such as HTTPS (RFC 29, RFC 9).</summary>
/// <param name="DestinationAccount">The ILP address to send packets to; contains the encrypted <see cref="StreamTokenClaims"/>.</param>
/// <param name="SharedSecret">The shared secret of the connection.</param>
public sealed record StreamCredentials(IlpAddress DestinationAccount, StreamSecret SharedSecret);
