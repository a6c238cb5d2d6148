using System.Net;
using Codius.Web.Tests.Visits.Forwarding;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>A gRPC app that does what the words of a call say, and records what it saw of each call.</summary>
internal sealed class GrpcApp : IAsyncDisposable
{
    private readonly WebApplication _server;

    public GrpcApp()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc().Services.AddSingleton(this);
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.UseRouting();
        _server.MapGrpcService<Service>();
    }

    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <summary>Completes when the app's side of the last call was cancelled.</summary>
    public TaskCompletionSource Cancelled { get; private set; } = new();

    public Task StartAsync() => _server.StartAsync();

    /// <summary>True if the last call waits for its end, or did.</summary>
    public bool Waits { get; private set; }

    public void Reset() => (Cancelled, Waits) = (new TaskCompletionSource(), false);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class Service(GrpcApp app) : Echo.EchoBase
    {
        public override async Task<Words> Say(Words request, ServerCallContext context)
        {
            await BeginAsync(context);
            if (request.Text == "wait") await WaitAsync(context);
            if (request.Text.StartsWith("fail ", StringComparison.Ordinal))
                throw new RpcException(
                    new Status(StatusCode.FailedPrecondition, request.Text[5..]), new Metadata { { "x-cause", "asked" } });
            return request;
        }

        public override async Task Talk(
            IAsyncStreamReader<Words> requestStream, IServerStreamWriter<Words> responseStream, ServerCallContext context)
        {
            await BeginAsync(context);
            await foreach (var words in requestStream.ReadAllAsync(context.CancellationToken))
            {
                if (words.Text == "wait") await WaitAsync(context);
                if (words.Text == "fail") throw new RpcException(new Status(StatusCode.Aborted, "in the middle"));
                await responseStream.WriteAsync(words, context.CancellationToken);
            }
        }

        // The headers of the answer tell what the app has seen of the call; the trailers come last.
        private static Task BeginAsync(ServerCallContext context)
        {
            context.ResponseTrailers.Add("x-last", "trailer");
            context.ResponseTrailers.Add("x-last-bin", [0, 0xFF]);
            var seen = from entry in context.RequestHeaders
                       where !entry.Key.StartsWith("x-forwarded-", StringComparison.Ordinal) && entry.Key != "grpc-timeout"
                       orderby entry.Key
                       select $"{entry.Key}={(entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value)}";
            return context.WriteResponseHeadersAsync(new Metadata
            {
                { "x-seen", string.Join(' ', seen) },
                { "x-deadline", (context.Deadline != DateTime.MaxValue).ToString() },
                { "x-method", context.Method },
                { "x-host", context.Host },
            });
        }

        private async Task WaitAsync(ServerCallContext context)
        {
            app.Waits = true;
            using var registered = context.CancellationToken.Register(app.Cancelled.SetResult);
            await app.Cancelled.Task;
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
