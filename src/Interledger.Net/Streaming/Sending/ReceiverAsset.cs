namespace Interledger.Net.Streaming.Sending;

/// <summary>The receiver's asset, as it announced it (ConnectionAssetDetails, RFC 29 section 5.3.7).</summary>
/// <param name="Code">Such as <c>USD</c>; not verified.</param>
/// <param name="Scale">Decimal places of one unit, 0 to 255: 9 means that 1,000,000,000 units make one.</param>
public sealed record ReceiverAsset(string Code, byte Scale);
