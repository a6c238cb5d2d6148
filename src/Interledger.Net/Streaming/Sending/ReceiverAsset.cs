namespace Interledger.Net.Streaming.Sending;

/// <summary>What the receiver counts in, as it told (ConnectionAssetDetails, RFC 29 section 5.3.7).</summary>
/// <param name="Code">Such as <c>USD</c>; the receiver's word, not checked.</param>
/// <param name="Scale">Decimal places of one unit, 0 to 255: 9 means that 1,000,000,000 units make one.</param>
public sealed record ReceiverAsset(string Code, byte Scale);
