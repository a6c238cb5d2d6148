namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// The claims of an address token and the keys derived from it: a pure function of the token, so caching one only saves time.
/// </summary>
internal sealed record StreamConnection(byte[] Token, StreamTokenClaims Claims, StreamKeys Keys);
