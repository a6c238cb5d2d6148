using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>A server that receives messages, and answers as the test says.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private WebhookServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers;
            Received.Enqueue(new Message(
                headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(),
                Encoding.UTF8.GetString(body.ToArray())));
            await Answer(context);
        });
    }

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<Message> Received { get; } = new();

    public Uri Url => new(_server.Urls.Single() + "/hooks/a-secret-path");

    public static async Task<WebhookServer> StartAsync()
    {
        var server = new WebhookServer();
        await server._server.StartAsync();
        return server;
    }

    public static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    internal sealed record Message(string Id, string Timestamp, string Signature, string Body);
}
