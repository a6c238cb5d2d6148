using System.Collections.Concurrent;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Payments.Setup;

/// <summary>
/// A fake receiving wallet, for what a real one cannot be made to do: it can be queried, never paid, and misbehaves on demand.
/// </summary>
internal sealed class FakeReceivingWallet : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeReceivingWallet(WebApplication app) => _app = app;

    public ConcurrentQueue<Query> Asked { get; } = new();

    public string Url => _app.Urls.Single() + "/host";

    public static async Task<FakeReceivingWallet> StartAsync(RequestDelegate? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var wallet = new FakeReceivingWallet(builder.Build());
        wallet._app.Run(context =>
        {
            // A wallet of 2020 has no document of Open Payments.
            if (!context.Request.Headers.Accept.ToString().Contains(SpspResponse.MediaType, StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
            _ = ReceiptNonce.TryParse(context.Request.Headers["Receipt-Nonce"], out var nonce, out _);
            _ = ReceiptSecret.TryParse(context.Request.Headers["Receipt-Secret"], out var secret, out _);
            wallet.Asked.Enqueue(new Query(nonce, secret!, [.. context.Request.Headers.Keys]));
            return (answer ?? AnswerAsync)(context);
        });
        await wallet._app.StartAsync();
        return wallet;
    }

    public static async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = SpspResponse.MediaType;
        await context.Response.Body.WriteAsync(
            new SpspResponse(IlpAddress.Parse("test.wallet.x"), new StreamSecret(new byte[32]), ReceiptsEnabled: true).ToUtf8Json());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Query(ReceiptNonce Nonce, ReceiptSecret Secret, IReadOnlyList<string> Headers);
}
