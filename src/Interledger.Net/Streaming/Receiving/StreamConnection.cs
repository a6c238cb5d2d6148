namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// What an address token says and the keys that follow from it: a pure function of the token, so keeping or losing one changes nothing but
/// time.
/// </summary>
internal sealed record StreamConnection(byte[] Token, StreamTokenClaims Claims, StreamKeys Keys);
