using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>What a sender needs to pay by STREAM; hand it over on an encrypted channel such as HTTPS (RFC 29, RFC 9).</summary>
/// <param name="DestinationAccount">Where packets go; holds the encrypted <see cref="StreamTokenClaims"/>.</param>
/// <param name="SharedSecret">The secret of the connection.</param>
public sealed record StreamCredentials(IlpAddress DestinationAccount, StreamSecret SharedSecret);
