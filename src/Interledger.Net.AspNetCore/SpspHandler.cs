using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Microsoft.AspNetCore.Http;

namespace Interledger.Net.AspNetCore;

/// <summary>Answers an SPSP query: creates an address and shared secret for the receiver that the request names.</summary>
/// <param name="context">The request.</param>
/// <param name="receipts">The nonce and secret to sign receipts with; null if none are requested.</param>
/// <returns>The response, or null if there is no such receiver.</returns>
public delegate ValueTask<SpspResponse?> SpspHandler(HttpContext context, ReceiptSetup? receipts);
