using System.Collections.Concurrent;
using Codius.Web.Apps.Steering;

namespace Codius.Testing;

/// <summary>What the host's owner set for apps, in memory alone.</summary>
internal sealed class FakeSteering : IAppSteering
{
    private readonly ConcurrentDictionary<string, AppSteering> _all = new(StringComparer.Ordinal);
    private long _version;

    public event Action<string>? Changed;

    public IReadOnlyDictionary<string, AppSteering> All => _all;

    public IReadOnlyList<string> Unreadable =>
        [.. _all.Where(set => set.Value.IsUnreadable).Select(set => set.Key).Order(StringComparer.Ordinal)];

    public AppSteering Of(string name) => _all.GetValueOrDefault(name, AppSteering.None);

    public ValueTask<AppSteering> ReadAsync(string name, CancellationToken cancellation) => new(Of(name));

    public ValueTask<SteeringResult> ChangeAsync(
        string name, AppSteering next, long expectedVersion, CancellationToken cancellation)
    {
        if (Of(name).Version != expectedVersion) return new(SteeringResult.Conflict);
        Set(name, next with { Version = Interlocked.Increment(ref _version), SleepRequest = Of(name).SleepRequest });
        return new(SteeringResult.Done);
    }

    public ValueTask<SteeringResult> RequestSleepAsync(string name, CancellationToken cancellation)
    {
        Set(name, Of(name) with { SleepRequest = Interlocked.Increment(ref _version) });
        return new(SteeringResult.Done);
    }

    public ValueTask ForgetAsync(string name, CancellationToken cancellation)
    {
        if (_all.TryRemove(name, out _)) Changed?.Invoke(name);
        return default;
    }

    /// <summary>Sets it as another gateway's admin would have.</summary>
    public void Set(string name, AppSteering steering)
    {
        _all[name] = steering;
        Changed?.Invoke(name);
    }
}
