namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// This gateway's pending writes to the <see cref="AwakeRegistry"/>: until one is written, it is newer than what is read.
/// Used under the runner's lock.
/// </summary>
internal sealed class AwakeWrites(AwakeRegistry awake, WorkloadContext context)
{
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    /// <summary>A name wakes; <paramref name="refused"/> is called if its owner has too many awake already.</summary>
    public void Set(HostedApp app, Action refused) => _last[app.Name] = SetAsync(app, refused);

    public void Change(HostedApp app, AwakeName before, AwakeName? now) => _last[app.Name] = awake.ChangeAsync(app, before, now);

    public void Remove(HostedApp app) => _last[app.Name] = awake.RemoveAsync(app);

    /// <summary>Completes when no write of a name is pending.</summary>
    public Task WrittenAsync(string name) => _last.GetValueOrDefault(name, Task.CompletedTask);

    public bool IsWriting(string name) => _last.ContainsKey(name);

    /// <summary>Forgets the completed writes: every read from now on includes them.</summary>
    public void ForgetWritten()
    {
        foreach (var name in _last.Where(write => write.Value.IsCompleted).Select(write => write.Key).ToArray()) _last.Remove(name);
    }

    private async Task SetAsync(HostedApp app, Action refused)
    {
        // Never at once: the caller has the lock and is not done. What is scaled up waits until this is over.
        var written = await awake.SetAsync(app, new AwakeName(app.Hash), context.MaxAwakePerOwner)
            .ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!written) refused();
    }
}
