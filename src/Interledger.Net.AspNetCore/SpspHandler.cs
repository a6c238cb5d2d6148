using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Microsoft.AspNetCore.Http;

namespace Interledger.Net.AspNetCore;

/// <summary>Answers an SPSP query: makes an address and secret for the receiver that the request names.</summary>
/// <param name="context">The request.</param>
/// <param name="receipts">What the payer's verifier wants receipts signed with; null if it asked for none.</param>
/// <returns>The answer, or null if there is no such receiver.</returns>
public delegate ValueTask<SpspResponse?> SpspHandler(HttpContext context, ReceiptSetup? receipts);
