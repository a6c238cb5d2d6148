using System.Collections.Concurrent;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Deploying;

/// <summary>
/// A fake store of manifests in memory, and its catalog: for outcomes that a real one cannot be made to return at the right moment.
/// </summary>
internal sealed class FakeAppStore(TimeProvider time) : IAppStore, IAppCatalog
{
    private readonly ConcurrentDictionary<string, StoredApp> _apps = new(StringComparer.Ordinal);

    public event Action? Changed;

    public AppSnapshot Current { get; private set; } = AppSnapshot.Empty;

    /// <summary>Answers like a store that is unavailable.</summary>
    public bool IsAway { get; set; }

    /// <summary>The next put is refused for this.</summary>
    public ValidationError? Refuses { get; set; }

    /// <summary>The next put arrives, and its answer is lost.</summary>
    public bool LosesAnswer { get; set; }

    public ValueTask<StoredApp?> FindAsync(string nameOrHash, CancellationToken cancellation) => IsAway
        ? throw new AppStoreUnavailableException("away")
        : ValueTask.FromResult(_apps.GetValueOrDefault(nameOrHash) ?? _apps.Values.FirstOrDefault(app => app.Hash == nameOrHash));

    public ValueTask<bool> OwnsAnyAsync(AccountId owner, CancellationToken cancellation) => IsAway
        ? throw new AppStoreUnavailableException("away")
        : ValueTask.FromResult(_apps.Values.Any(app => app.Owner == owner));

    public ValueTask<PutResult> PutAsync(StoredApp app, CancellationToken cancellation)
    {
        if (IsAway) return ValueTask.FromResult(new PutResult(PutOutcome.Unavailable));
        if (Refuses is { } fault) return ValueTask.FromResult(new PutResult(PutOutcome.Refused, [fault]));
        var before = _apps.GetValueOrDefault(app.Name);
        if (before is not null && before.Owner != app.Owner) return ValueTask.FromResult(new PutResult(PutOutcome.OtherOwner));
        _apps[app.Name] = app with { CreatedAt = before?.CreatedAt ?? time.GetUtcNow() };
        Publish();
        return ValueTask.FromResult(new PutResult(
            LosesAnswer ? PutOutcome.Unavailable : before is null ? PutOutcome.Created : before.Hash == app.Hash ? PutOutcome.Unchanged
                : PutOutcome.Replaced));
    }

    public ValueTask<DeleteOutcome> DeleteAsync(string name, AccountId owner, CancellationToken cancellation)
    {
        if (IsAway) return ValueTask.FromResult(DeleteOutcome.Unavailable);
        if (!_apps.TryGetValue(name, out var app)) return ValueTask.FromResult(DeleteOutcome.NoSuchApp);
        if (app.Owner != owner) return ValueTask.FromResult(DeleteOutcome.OtherOwner);
        _apps.TryRemove(name, out _);
        Publish();
        return ValueTask.FromResult(DeleteOutcome.Deleted);
    }

    private void Publish()
    {
        Current = new AppSnapshot(_apps.Values.Select(app => new HostedApp(app.Name, app.Hash, app.Spec.Containers[0].Image, app.Owner)));
        Changed?.Invoke();
    }
}
