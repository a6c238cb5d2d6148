using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Codius.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>A proxy in front of a wallet, which answers in its place or changes its answers on demand.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly string[] OfConnection = ["Transfer-Encoding", "Connection", "Keep-Alive", "Content-Length"];

    private readonly WebApplication _server;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    private FaultyProxy(int port)
    {
        Port = port;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public int Port { get; }

    /// <summary>The port of the wallet behind it.</summary>
    public int Wallet { get; set; }

    /// <summary>Answers in the wallet's place where it returns true; null for no fault.</summary>
    public Func<HttpContext, Task<bool>>? Fault { get; set; }

    /// <summary>Changes the text of the wallet's answers; null for none.</summary>
    public Func<HttpContext, string, string>? Rewrite { get; set; }

    /// <summary>Method and path of all requests so far.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FaultyProxy> StartAsync()
    {
        var proxy = new FaultyProxy(FreePort.Find());
        await proxy._server.StartAsync();
        return proxy;
    }

    public static bool IsOfPayments(HttpContext context) =>
        context.Request.Path.Value!.Contains("/incoming-payments", StringComparison.Ordinal);

    /// <summary>A fault of all calls at payments: an answer with this status.</summary>
    public void FailPayments(int status, string? retryAfter = null, string body = "{}") => Fault = async context =>
    {
        if (!IsOfPayments(context)) return false;
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync(body);
        return true;
    };

    public int CountOf(string method, string part) =>
        Requests.Count(request =>
            request.StartsWith(method + " ", StringComparison.Ordinal) && request.Contains(part, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        if (Fault is { } fault && await fault(context)) return;
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), $"http://127.0.0.1:{Wallet}{context.Request.Path}{context.Request.QueryString}");
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (body.Length > 0) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in context.Request.Headers.Where(header => !OfConnection.Contains(header.Key)))
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        using var answer = await _client.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfConnection.Contains(header.Key)))
            context.Response.Headers[name] = values.ToArray();
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode is HttpStatusCode.NoContent) return;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Rewrite?.Invoke(context, text) ?? text));
    }
}
