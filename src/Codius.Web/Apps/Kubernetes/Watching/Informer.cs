using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>
/// A cache of all objects of one kind: listed once, then watched from that resource version on. Whatever goes wrong, the cache
/// stays; it goes on watching from the last version, or lists again when the server no longer has that one.
/// </summary>
internal sealed partial class Informer<T>(WatchSource<T> source, Supervisor supervisor, TimeProvider time, ILogger log) : IWatch
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly SupervisedWork _changes = supervisor.Work($"changes of {source.Kind}");
    private readonly ConcurrentDictionary<string, T> _objects = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _version;
    private TimeSpan _wait = ShortestWait;

    /// <summary>An object was added, changed or deleted (then the second is null); handlers are quick.</summary>
    public event Action<T?, T?>? Changed;

    public string Kind => source.Kind;

    public int Count => _objects.Count;

    public Task Synced => _synced.Task;

    public string? Trouble { get; private set; }

    public string? LastTrouble { get; private set; }

    public ICollection<T> All => _objects.Values;

    public bool TryFind(string name, [NotNullWhen(true)] out T? found) => _objects.TryGetValue(name, out found);

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                if (_version is null) await ListAsync(end);
                await WatchAsync(end);
                _wait = ShortestWait;
            }
            catch (Exception) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble)
            {
                // Whatever it is: a watch that ended here would leave the gateway blind. One that ended by an object it cannot read would
                // end by it again from the same version on, and never show what comes after it: then all are listed again.
                if (IsGone(trouble) || !IsForeseen(trouble)) _version = null;
                if (!IsGone(trouble)) Report(trouble);
                await Task.Delay(_wait, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
            }
        }
    }

    private async Task ListAsync(CancellationToken end)
    {
        var (listed, version) = await source.ListAsync(end);
        var there = listed.Where(found => found.Metadata?.Name is not null)
            .ToDictionary(found => found.Metadata.Name, StringComparer.Ordinal);
        foreach (var name in _objects.Keys.Where(name => !there.ContainsKey(name)).ToArray()) Remove(name);
        foreach (var found in there.Values) Try(WatchEventType.Added, found);
        _version = version;
        Recovered();
        _synced.TrySetResult();
    }

    private async Task WatchAsync(CancellationToken end)
    {
        // A watch that the server ended without an error is simply opened again.
        await foreach (var (type, changed) in source.Watch(_version!, end))
        {
            _version = changed.Metadata?.ResourceVersion ?? _version;
            _wait = ShortestWait;
            Recovered();
            Try(type, changed);
        }
    }

    /// <summary>One object that is not as expected is reported, and the next one is read all the same.</summary>
    private void Try(WatchEventType type, T changed)
    {
        try
        {
            if (type is WatchEventType.Added or WatchEventType.Modified) Put(changed);
            else if (type == WatchEventType.Deleted) Remove(changed.Metadata.Name);
        }
        catch (Exception unforeseen)
        {
            _changes.Failed(unforeseen);
        }
    }

    private void Put(T now)
    {
        _objects.TryGetValue(now.Metadata.Name, out var before);
        // Listed again: no event for an object that has not changed.
        if (before?.Metadata.ResourceVersion == now.Metadata.ResourceVersion) return;
        _objects[now.Metadata.Name] = now;
        _changes.Raise(Changed, before, now);
    }

    private void Remove(string name)
    {
        if (_objects.TryRemove(name, out var before)) _changes.Raise(Changed, before, null);
    }

    private void Recovered()
    {
        if (Trouble is null) return;
        Trouble = null;
        LogRecovered(log, Kind);
    }

    private void Report(Exception trouble)
    {
        LastTrouble = trouble.Message;
        if (Trouble is null) LogTrouble(log, Kind, trouble.Message);
        Trouble = trouble.Message;
    }

    /// <summary>410: the server no longer has the version that was watched from.</summary>
    private static bool IsGone(Exception exception) => exception switch
    {
        KubernetesException { Status.Code: (int)HttpStatusCode.Gone } => true,
        HttpOperationException { Response.StatusCode: HttpStatusCode.Gone } => true,
        _ => false,
    };

    /// <summary>Trouble of the server or on the way to it: the watch goes on where it was.</summary>
    private static bool IsForeseen(Exception exception) =>
        exception is HttpOperationException or HttpRequestException or IOException or KubernetesException or OperationCanceledException
            or TimeoutException or System.Net.Sockets.SocketException;

    [LoggerMessage(LogLevel.Warning, "The watch over {Kind} is lost, what is known stays: {Cause}")]
    private static partial void LogTrouble(ILogger log, string kind, string cause);

    [LoggerMessage(LogLevel.Information, "The watch over {Kind} is up to date again")]
    private static partial void LogRecovered(ILogger log, string kind);
}
