using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>
/// Stores manifests in the ledger's Redis. Each change is one transaction on the condition that the name is still as it was
/// read, so that of two concurrent owners exactly one gets it, and a repeat after a lost answer finds it done.
/// </summary>
internal sealed class RedisAppStore(
    IConnectionMultiplexer redis, IAppCatalog catalog, INameHolds holds, ProcessManifests manifests, TimeProvider time)
    : IAppStore
{
    private readonly IDatabase _database = redis.GetDatabase();

    public async ValueTask<StoredApp?> FindAsync(string nameOrHash, CancellationToken cancellation)
    {
        try
        {
            // The catalog knows every hash: the store is not searched.
            var name = catalog.Current.TryFindName(nameOrHash, out var named) ? named.Name : nameOrHash;
            byte[]? entry = await _database.HashGetAsync(AppKeys.Manifests, name).WaitAsync(cancellation);
            var app = entry is null ? null : ManifestEntry.Read(name, entry);
            return named is null || app?.Hash == nameOrHash ? app : null;
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            throw new AppStoreUnavailableException("The store of apps cannot be asked.", trouble);
        }
    }

    public async ValueTask<bool> OwnsAnyAsync(AccountId owner, CancellationToken cancellation)
    {
        try
        {
            return await _database.KeyExistsAsync(AppKeys.OwnedBy(owner)).WaitAsync(cancellation);
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            throw new AppStoreUnavailableException("The store of apps cannot be asked.", trouble);
        }
    }

    public async ValueTask<PutResult> PutAsync(StoredApp app, CancellationToken cancellation)
    {
        if (manifests.FaultsOf(app.Spec) is { Count: > 0 } faults) return new(PutOutcome.Refused, faults);
        try
        {
            while (await TryPutAsync(app, cancellation) is var outcome)
            {
                if (outcome is { } done) return new(done);
            }
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble) || trouble is AppStoreUnavailableException)
        {
        }
        return new(PutOutcome.Unavailable);
    }

    public async ValueTask<DeleteOutcome> DeleteAsync(string name, AccountId owner, CancellationToken cancellation)
    {
        try
        {
            while (await TryDeleteAsync(name, owner, cancellation) is var outcome)
            {
                if (outcome is { } done) return done;
            }
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble) || trouble is AppStoreUnavailableException)
        {
        }
        return DeleteOutcome.Unavailable;
    }

    /// <summary>Null if the name was changed concurrently.</summary>
    private async Task<PutOutcome?> TryPutAsync(StoredApp app, CancellationToken cancellation)
    {
        byte[]? before = await _database.HashGetAsync(AppKeys.Index, app.Name).WaitAsync(cancellation);
        var outcome = PutOutcome.Created;
        var createdAt = time.GetUtcNow();
        if (before is not null)
        {
            var entry = IndexEntry.Read(before);
            if (!entry.BelongsTo(app.Owner)) return PutOutcome.OtherOwner;
            outcome = entry.Hash == app.Hash ? PutOutcome.Unchanged : PutOutcome.Replaced;
            if (await FindAsync(app.Name, cancellation) is { } known) createdAt = known.CreatedAt;
        }
        else if (await holds.ClaimAsync(app.Name, app.Owner, cancellation) is not null)
        {
            return PutOutcome.OtherOwner;
        }

        var change = Change(app.Name, before);
        _ = change.HashSetAsync(AppKeys.Manifests, app.Name, ManifestEntry.Of(app with { CreatedAt = createdAt }).Write());
        _ = change.HashSetAsync(AppKeys.Index, app.Name, IndexEntry.Of(app).Write());
        if (app.Owner is { } owner) _ = change.SetAddAsync(AppKeys.OwnedBy(owner), app.Name);
        if (!await change.ExecuteAsync()) return null;
        // A crash before this line leaves an app whose claim ends: its own entry says whose it is, and its deletion records that again.
        await holds.ExistsAsync(app.Name, app.Owner, CancellationToken.None);
        return outcome;
    }

    /// <summary>Null if the name was changed concurrently.</summary>
    private async Task<DeleteOutcome?> TryDeleteAsync(string name, AccountId owner, CancellationToken cancellation)
    {
        byte[]? before = await _database.HashGetAsync(AppKeys.Index, name).WaitAsync(cancellation);
        if (before is null) return DeleteOutcome.NoSuchApp;
        if (!IndexEntry.Read(before).BelongsTo(owner)) return DeleteOutcome.OtherOwner;

        // The hold comes first: a crash in between leaves a held name that still runs, never a free one whose balance another owner
        // could get. The hold of such a crash is stale: the next deletion replaces it, so that the time starts anew.
        await holds.HoldAsync(name, owner, cancellation);
        var change = Change(name, before);
        _ = change.HashDeleteAsync(AppKeys.Index, name);
        _ = change.HashDeleteAsync(AppKeys.Manifests, name);
        _ = change.SetRemoveAsync(AppKeys.OwnedBy(owner), name);
        return await change.ExecuteAsync() ? DeleteOutcome.Deleted : null;
    }

    private ITransaction Change(string name, byte[]? before)
    {
        var change = _database.CreateTransaction();
        change.AddCondition(before is null ? Condition.HashNotExists(AppKeys.Index, name)
            : Condition.HashEqual(AppKeys.Index, name, before));
        _ = change.StringIncrementAsync(AppKeys.Version);
        _ = change.PublishAsync(AppKeys.Changes, name);
        return change;
    }
}
