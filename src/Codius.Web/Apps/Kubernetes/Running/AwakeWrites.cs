namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// This gateway's pending writes to the <see cref="AwakeRegistry"/>: until one is written, it is newer than what is read.
/// Used under the runner's lock.
/// </summary>
internal sealed class AwakeWrites(AwakeRegistry awake)
{
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    public void Set(string name, AwakeName now) => _last[name] = awake.SetAsync(name, now);

    public void Change(string name, AwakeName before, AwakeName? now) => _last[name] = awake.ChangeAsync(name, before, now);

    public void Remove(string name) => _last[name] = awake.RemoveAsync(name);

    /// <summary>Completes when no write of a name is pending.</summary>
    public Task WrittenAsync(string name) => _last.GetValueOrDefault(name, Task.CompletedTask);

    public bool IsWriting(string name) => _last.ContainsKey(name);

    /// <summary>Forgets the completed writes: every read from now on includes them.</summary>
    public void ForgetWritten()
    {
        foreach (var name in _last.Where(write => write.Value.IsCompleted).Select(write => write.Key).ToArray()) _last.Remove(name);
    }
}
