using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Codius.Sandbox.Paying;

/// <summary>
/// Posts a payment's receipts to the paid account, as a page of 2020 does: each proves the total so far, so only the newest
/// matters, and the next one replaces a lost one.
/// </summary>
internal sealed partial class ReceiptPost(HttpClient http, Uri? address, ILogger log)
{
    private readonly Channel<ReadOnlyMemory<byte>> _newest = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Enqueue(ReadOnlyMemory<byte> receipt)
    {
        if (!receipt.IsEmpty && address is not null) _newest.Writer.TryWrite(receipt);
    }

    /// <summary>No more receipts follow; the newest is still posted.</summary>
    public void Complete() => _newest.Writer.TryComplete();

    public async Task RunAsync()
    {
        var posted = ReadOnlyMemory<byte>.Empty;
        await foreach (var receipt in _newest.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (receipt.Span.SequenceEqual(posted.Span)) continue;
            posted = receipt;
            try
            {
                using var body = new StringContent(Convert.ToBase64String(receipt.Span));
                using var response = await http.PostAsync(address, body);
                if (!response.IsSuccessStatusCode) LogRefused(await response.Content.ReadAsStringAsync());
            }
            catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException)
            {
                LogRefused(trouble.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A receipt of the sandbox wallet was not credited: {Reason}")]
    private partial void LogRefused(string reason);
}
