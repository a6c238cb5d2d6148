using System.Collections.Concurrent;
using System.Net;
using Codius.Testing;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Tests.Hosting.Resilience;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>The gateway's client of the API server, against a real Kestrel that answers with errors.</summary>
public sealed class ClusterRetryTests : IAsyncLifetime
{
    private static readonly V1Patch Patch = new(new { spec = new { replicas = 1 } }, V1Patch.PatchType.MergePatch);

    private readonly StoppedClock _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _end = new();
    private WebApplication _server = null!;
    private IKubernetes _client = null!;
    private Action<HttpResponse> _refuse = null!;
    private readonly ConcurrentQueue<string> _bodies = [];
    private int _refusals = 1;
    private int _asked;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync(Stop);
        await File.WriteAllTextAsync(_folder["kubeconfig"], $$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: test, cluster: {server: "{{_server.Urls.Single()}}"} }]
            users: [{name: test, user: {token: x} }]
            contexts: [{name: test, context: {cluster: test, user: test} }]
            current-context: test
            """, Stop);
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time)
            .Configure<KubernetesOptions>(options => options.Kubeconfig = _folder["kubeconfig"]);
        _client = ClusterClient.Open(services.BuildServiceProvider());
        ((k8s.Kubernetes)_client).HttpClientTimeout = TimeSpan.FromMinutes(2); // the machine's time
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Reading_is_repeated_after_the_wait_that_the_server_asks_for(int status)
    {
        Refuse(status, "2");

        var pods = _client.CoreV1.ListNamespacedPodAsync("apps", cancellationToken: Stop);

        Assert.Equal(TimeSpan.FromSeconds(2), await _time.PassAsync());
        Assert.Empty((await pods).Items);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_wait_until_a_date_is_heeded_too()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        Refuse(503, "Thu, 01 Jan 2026 12:00:03 GMT");

        var pods = _client.CoreV1.ListNamespacedPodAsync("apps", cancellationToken: Stop);

        Assert.Equal(TimeSpan.FromSeconds(3), await _time.PassAsync());
        Assert.Empty((await pods).Items);
    }

    [Fact]
    public async Task Without_a_wait_in_the_answer_it_is_repeated_soon()
    {
        Refuse(502, null);

        var pods = _client.CoreV1.ListNamespacedPodAsync("apps", cancellationToken: Stop);

        Assert.InRange(await _time.PassAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Empty((await pods).Items);
    }

    [Theory]
    [InlineData("GET", 429)]
    [InlineData("POST", 429)]
    [InlineData("PUT", 429)]
    [InlineData("PATCH", 429)]
    [InlineData("DELETE", 429)]
    [InlineData("PATCH", 503)]
    public async Task What_was_surely_not_done_or_may_be_done_twice_is_repeated(string method, int status)
    {
        Refuse(status, "1");

        var call = CallAsync(method);
        await _time.PassAsync();
        await call;

        Assert.Equal(2, _asked);
        Assert.Single(_bodies.Distinct()); // sent again whole
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task What_may_have_been_done_is_left_to_its_caller(string method)
    {
        Refuse(503, "1");

        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => CallAsync(method));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (refused.Response.StatusCode, _asked));
    }

    [Theory]
    [InlineData("4")]
    [InlineData("3600")]
    public async Task A_longer_wait_is_left_to_the_caller(string wait)
    {
        Refuse(429, wait);

        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => CallAsync("GET"));

        Assert.Equal((HttpStatusCode.TooManyRequests, 1), (refused.Response.StatusCode, _asked));
    }

    [Fact]
    public async Task It_is_repeated_twice_and_no_more()
    {
        _refusals = int.MaxValue;
        Refuse(429, "1");

        var call = CallAsync("GET");
        for (var i = 0; i < 2; i++) await _time.PassAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Assert.ThrowsAsync<HttpOperationException>(() => call)).Response.StatusCode);
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task A_watch_that_was_turned_away_goes_on_and_is_neither_buffered_nor_timed_out()
    {
        Refuse(429, "1");

        await using var changes = _client.CoreV1.WatchListNamespacedPodAsync("apps", cancellationToken: Stop).GetAsyncEnumerator(Stop);
        var first = changes.MoveNextAsync();
        await _time.PassAsync();
        Assert.True(await first);
        Assert.Equal((WatchEventType.Added, "one"), (changes.Current.Item1, changes.Current.Item2.Metadata.Name));

        // The response is still being written, for a long time.
        _time.Advance(TimeSpan.FromHours(1));
        var second = changes.MoveNextAsync();
        Assert.False(second.IsCompleted);
        _end.SetResult();
        Assert.True(await second);
        Assert.Equal("two", changes.Current.Item2.Metadata.Name);
    }

    private void Refuse(int status, string? retryAfter) => _refuse = response =>
    {
        response.StatusCode = status;
        if (retryAfter is not null) response.Headers.RetryAfter = retryAfter;
    };

    private Task CallAsync(string method) => method switch
    {
        "GET" => _client.CoreV1.ListNamespacedPodAsync("apps", cancellationToken: Stop),
        "POST" => _client.CoreV1.CreateNamespacedSecretAsync(new V1Secret(), "apps", cancellationToken: Stop),
        "PUT" => _client.CoreV1.ReplaceNamespacedSecretAsync(new V1Secret(), "one", "apps", cancellationToken: Stop),
        "PATCH" => _client.AppsV1.PatchNamespacedDeploymentScaleAsync(Patch, "one", "apps", cancellationToken: Stop),
        _ => _client.CoreV1.DeleteNamespacedSecretAsync("one", "apps", cancellationToken: Stop),
    };

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        _bodies.Enqueue(await body.ReadToEndAsync(context.RequestAborted));
        if (Interlocked.Increment(ref _asked) <= _refusals)
        {
            _refuse(context.Response);
            return;
        }
        context.Response.ContentType = "application/json";
        if (context.Request.Query["watch"] != "true")
        {
            await context.Response.WriteAsync("""{"items":[]}""", context.RequestAborted);
            return;
        }
        await context.Response.WriteAsync("""{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"one"}}}""" + "\n",
            context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await _end.Task;
        await context.Response.WriteAsync("""{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"two"}}}""" + "\n",
            context.RequestAborted);
    }
}
