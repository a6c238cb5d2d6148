using Codius.Testing;
using Codius.Web.Apps.Kubernetes.Watching;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Codius.Web.Tests.Apps.Kubernetes.Watching;

/// <summary>Objects are found by their key, as the watch shows them.</summary>
public sealed class ObjectIndexTests
{
    [Fact]
    public async Task It_has_what_the_watch_has_under_the_key_it_has_now()
    {
        var server = new FakeServer();
        server.Listed.AddRange([Thing("a", "1", "red"), Thing("b", "1", "red"), Thing("c", "1", null)]);
        var informer = new Informer<V1ConfigMap>(server.Source, Supervised.By(), TimeProvider.System, NullLogger.Instance);
        var index = new ObjectIndex<V1ConfigMap>(informer, thing => thing.Data?["key"]);
        using var end = new CancellationTokenSource();
        var running = informer.RunAsync(end.Token);

        await Eventually.TrueAsync("what was listed is found", () => Names("red") == "a b");
        server.Emit(WatchEventType.Modified, Thing("a", "2", "blue"));
        server.Emit(WatchEventType.Modified, Thing("c", "2", "red"));
        await Eventually.TrueAsync("it moved", () => Names("red") == "b c");
        Assert.Equal("2", Assert.Single(index.Find("blue")).Metadata.ResourceVersion);
        server.Emit(WatchEventType.Modified, Thing("b", "2", null));
        server.Emit(WatchEventType.Deleted, Thing("c", "3", "red"));
        await Eventually.TrueAsync("nothing is left", () => Names("red").Length == 0);

        await end.CancelAsync();
        await running;

        string Names(string key) => string.Join(' ', index.Find(key).Select(thing => thing.Metadata.Name).Order());
    }

    private static V1ConfigMap Thing(string name, string version, string? key)
    {
        var thing = FakeServer.Thing(name, version);
        if (key is not null) thing.Data = new Dictionary<string, string> { ["key"] = key };
        return thing;
    }
}
