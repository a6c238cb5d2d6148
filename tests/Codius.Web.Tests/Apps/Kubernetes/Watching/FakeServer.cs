using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Codius.Web.Apps.Kubernetes.Watching;
using k8s;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes.Watching;

/// <summary>A fake API server with one kind of object: the test chooses what it lists and what its watch emits.</summary>
internal sealed class FakeServer
{
    private Channel<(WatchEventType Type, V1ConfigMap Object)> _watch = Channel.CreateUnbounded<(WatchEventType, V1ConfigMap)>();

    public FakeServer() => Source = new WatchSource<V1ConfigMap>("things", ListAsync, Watch);

    public WatchSource<V1ConfigMap> Source { get; }

    public List<V1ConfigMap> Listed { get; } = [];

    /// <summary>The versions that were watched from.</summary>
    public Channel<string> WatchedFrom { get; } = Channel.CreateUnbounded<string>();

    public int Lists { get; private set; }

    /// <summary>The exception of the next list.</summary>
    public Exception? ListFails { get; set; }

    public static V1ConfigMap Thing(string name, string version) =>
        new() { Metadata = new V1ObjectMeta { Name = name, ResourceVersion = version } };

    public void Emit(WatchEventType type, V1ConfigMap thing) => _watch.Writer.TryWrite((type, thing));

    /// <summary>Ends the watch, with or without an error.</summary>
    public void End(Exception? trouble = null)
    {
        var ended = _watch;
        _watch = Channel.CreateUnbounded<(WatchEventType, V1ConfigMap)>();
        ended.Writer.TryComplete(trouble);
    }

    private Task<(IEnumerable<V1ConfigMap> Objects, string Version)> ListAsync(CancellationToken cancellation)
    {
        if (ListFails is { } trouble)
        {
            ListFails = null;
            return Task.FromException<(IEnumerable<V1ConfigMap>, string)>(trouble);
        }
        Lists++;
        return Task.FromResult<(IEnumerable<V1ConfigMap>, string)>(([.. Listed], "list-" + Lists));
    }

    private async IAsyncEnumerable<(WatchEventType Type, V1ConfigMap Object)> Watch(
        string version, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = _watch;
        WatchedFrom.Writer.TryWrite(version);
        await foreach (var change in watch.Reader.ReadAllAsync(cancellation)) yield return change;
    }
}
