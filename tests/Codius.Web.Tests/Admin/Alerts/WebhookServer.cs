using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Codius.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>A server that receives messages, and answers as the test says.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private WebhookServer(TestAuthority? authority)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (authority is null) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = X509Certificate2.CreateFromPemFile(authority.CertificateFile, authority.KeyFile);
                https.ServerCertificateChain = [authority.Intermediate];
            })));
        }
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

    /// <param name="authority">The issuer of its certificate; null for plain HTTP.</param>
    public static async Task<WebhookServer> StartAsync(TestAuthority? authority = null)
    {
        var server = new WebhookServer(authority);
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
