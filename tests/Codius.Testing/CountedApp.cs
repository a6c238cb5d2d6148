using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Codius.Testing;

/// <summary>A real app on a port of its own that counts the requests it serves.</summary>
internal sealed class CountedApp : IAsyncDisposable
{
    private readonly WebApplication _server;
    private int _served;

    private CountedApp(Func<HttpContext, string> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/", (HttpContext context) =>
        {
            Interlocked.Increment(ref _served);
            return answer(context);
        });
    }

    public Uri Address => new(_server.Urls.Single());

    /// <summary>Requests that reached it.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <param name="answer">Makes the answer; null for a greeting.</param>
    public static async Task<CountedApp> StartAsync(Func<HttpContext, string>? answer = null)
    {
        var app = new CountedApp(answer ?? (_ => "hello"));
        await app._server.StartAsync();
        return app;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
