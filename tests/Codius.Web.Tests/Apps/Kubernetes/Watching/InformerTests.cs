using System.Threading.Channels;
using Codius.Testing;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Codius.Web.Tests.Apps.Kubernetes.Watching;

/// <summary>The cache of a kind of object: it never loses an object, whatever happens to the watch.</summary>
public sealed class InformerTests : IAsyncDisposable
{
    private readonly FakeServer _server = new();
    private readonly Supervisor _supervisor = Supervised.By();
    private readonly Informer<V1ConfigMap> _informer;
    private readonly Channel<(string? Before, string? Now)> _changes = Channel.CreateUnbounded<(string?, string?)>();
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;

    public InformerTests()
    {
        _informer = new Informer<V1ConfigMap>(_server.Source, _supervisor, TimeProvider.System, NullLogger.Instance);
        _informer.Changed += (before, now) => _changes.Writer.TryWrite((before?.Metadata.ResourceVersion, now?.Metadata.ResourceVersion));
        _server.Listed.Add(FakeServer.Thing("a", "1"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_once_and_watches_from_there()
    {
        await StartAsync();

        Assert.Equal("list-1", await WatchedFromAsync());
        Assert.Equal((null, "1"), await ChangeAsync());
        _server.Emit(WatchEventType.Modified, FakeServer.Thing("a", "2"));
        Assert.Equal(("1", "2"), await ChangeAsync());
        _server.Emit(WatchEventType.Deleted, FakeServer.Thing("a", "3"));
        Assert.Equal(("2", null), await ChangeAsync());
        Assert.Empty(_informer.All);
    }

    [Fact]
    public async Task A_watch_that_ends_is_taken_up_where_it_was_bookmarks_included()
    {
        await StartAsync();
        await WatchedFromAsync();
        _server.Emit(WatchEventType.Bookmark, new V1ConfigMap { Metadata = new V1ObjectMeta { ResourceVersion = "77" } });

        _server.End();

        Assert.Equal("77", await WatchedFromAsync());
        Assert.Equal(1, _server.Lists);
        Assert.Null(_informer.Trouble);
    }

    [Fact]
    public async Task Trouble_takes_nothing_away_and_is_told()
    {
        await StartAsync();
        await WatchedFromAsync();

        _server.End(new IOException("the server is away"));

        Assert.Equal("list-1", await WatchedFromAsync());
        Assert.Single(_informer.All);
        Assert.Equal(1, _server.Lists);
        Assert.Equal("the server is away", _informer.LastTrouble);
    }

    [Fact]
    public async Task A_version_the_server_has_forgotten_makes_it_list_anew_and_tell_only_what_differs()
    {
        _server.Listed.Add(FakeServer.Thing("b", "5"));
        await StartAsync();
        await WatchedFromAsync();
        await ChangeAsync();
        await ChangeAsync();
        _server.Listed.Clear();
        _server.Listed.AddRange([FakeServer.Thing("b", "5"), FakeServer.Thing("c", "9")]);

        _server.End(new KubernetesException(new V1Status { Code = 410, Reason = "Expired" }));

        Assert.Equal("list-2", await WatchedFromAsync());
        Assert.Equal(("1", null), await ChangeAsync());
        Assert.Equal((null, "9"), await ChangeAsync());
        Assert.False(_changes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_handler_that_throws_keeps_no_other_from_hearing_and_does_not_end_the_watch()
    {
        var heard = Channel.CreateUnbounded<string?>();
        _informer.Changed += (_, _) => throw new NotSupportedException("not foreseen");
        _informer.Changed += (_, now) => heard.Writer.TryWrite(now?.Metadata.ResourceVersion);
        _server.Listed.Add(FakeServer.Thing("b", "5"));

        await StartAsync();
        await WatchedFromAsync();
        _server.Emit(WatchEventType.Modified, FakeServer.Thing("a", "2"));

        var versions = new List<string?>();
        for (var changes = 0; changes < 3; changes++) versions.Add(await heard.Reader.ReadAsync(Cancellation));
        Assert.Equal(["1", "2", "5"], versions.Order());
        Assert.Equal((1, null), (_server.Lists, _informer.LastTrouble));
        var status = Assert.Single(_supervisor.Records).Status;
        Assert.Equal((true, "NotSupportedException: not foreseen"), (status.IsFailing, status.LastError));
    }

    [Fact]
    public async Task A_change_that_cannot_be_applied_hides_none_after_it()
    {
        await StartAsync();
        await WatchedFromAsync();
        await ChangeAsync();

        _server.Emit(WatchEventType.Added, new V1ConfigMap());
        _server.Emit(WatchEventType.Deleted, new V1ConfigMap { Metadata = new V1ObjectMeta { ResourceVersion = "8" } });
        _server.Emit(WatchEventType.Added, FakeServer.Thing("b", "9"));

        Assert.Equal((null, "9"), await ChangeAsync());
        Assert.Equal((1, null), (_server.Lists, _informer.LastTrouble));
        Assert.Equal(2, Assert.Single(_supervisor.Records).Status.Failures);
    }

    [Fact]
    public async Task A_watch_that_dies_of_something_unforeseen_goes_on_with_a_new_list()
    {
        await StartAsync();
        await WatchedFromAsync();
        await ChangeAsync();
        _server.Listed.Add(FakeServer.Thing("b", "5"));

        // Such as an object that cannot be read: from the same version on it would come again, and nothing after it.
        _server.End(new InvalidCastException("not foreseen"));

        Assert.Equal("list-2", await WatchedFromAsync());
        Assert.Equal((null, "5"), await ChangeAsync());
        Assert.Equal("not foreseen", _informer.LastTrouble);
    }

    [Fact]
    public async Task A_list_that_fails_is_tried_again()
    {
        _server.ListFails = new HttpRequestException("connection refused");

        await StartAsync();

        Assert.Equal("list-1", await WatchedFromAsync());
        Assert.Null(_informer.Trouble);
        Assert.Equal("connection refused", _informer.LastTrouble);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task StartAsync()
    {
        _running = _informer.RunAsync(_end.Token);
        await _informer.Synced.WaitAsync(Cancellation);
    }

    private ValueTask<string> WatchedFromAsync() => _server.WatchedFrom.Reader.ReadAsync(Cancellation);

    private ValueTask<(string? Before, string? Now)> ChangeAsync() => _changes.Reader.ReadAsync(Cancellation);
}
