using Interledger.Net.IlpOverHttp;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Readme;

/// <summary>"Pay", as the README of Interledger.Net shows it.</summary>
internal static class Pay
{
    public static async Task<PaymentResult> RunAsync(string pointerText, Uri account, SpspClientOptions spspOptions, CancellationToken stop)
    {
        // <example>
        if (!PaymentPointer.TryParse(pointerText, out var pointer, out var error)) throw new FormatException($"{pointerText}: {error}");
        using var spsp = new SpspClient(spspOptions);
        var found = await spsp.QueryAsync(pointer, receipts: null, stop);
        if (!found.IsFound) throw new InvalidOperationException(found.Explanation);

        using var path = new IlpOverHttpClient(new IlpOverHttpClientOptions { Endpoint = account, Token = "its-token" });
        await using var sender = new StreamSender(
            path, found.Response.DestinationAccount, found.Response.SharedSecret, new StreamSenderOptions
            {
                MaxSlippage = 100, // accept 1% less than the rate that probing shows
                IdleTimeout = TimeSpan.FromSeconds(30),
            });
        var result = await sender.SendAsync(1_000_000, stop); // or DeliverAsync(amount, most), or StreamAsync(perSecond, most)
        Console.WriteLine(
            $"{result.Ending}: sent {result.Sent}, {result.Delivered} arrived ({result.Asset?.Code}, scale {result.Asset?.Scale}).");
        // </example>
        return result;
    }
}
