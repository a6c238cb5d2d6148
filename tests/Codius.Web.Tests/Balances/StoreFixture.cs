using Codius.Testing;
using Codius.Testing.Stores;

namespace Codius.Web.Tests.Balances;

/// <summary>One store for all tests of a class; each test uses accounts of its own.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    internal LedgerStore Store { get; private protected set; } = null!;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>A real redis-server.</summary>
public sealed class RedisFixture : StoreFixture
{
    private readonly RedisServer _server = new();

    public override async ValueTask InitializeAsync()
    {
        await _server.StartAsync(TestContext.Current.CancellationToken);
        Store = LedgerStore.OnRedis(_server);
    }

    public override async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await _server.DisposeAsync();
    }
}

/// <summary>Garnet inside the process.</summary>
public sealed class GarnetFixture : StoreFixture
{
    private readonly TemporaryFolder _folder = new();

    public override ValueTask InitializeAsync()
    {
        Store = LedgerStore.OnGarnet(_folder.Path);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A Redis Cluster that all its classes share, one after the other: to start one takes seconds.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    internal RedisCluster Cluster { get; } = new();

    public async ValueTask InitializeAsync() => await Cluster.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

/// <summary>The classes that share the cluster.</summary>
[CollectionDefinition]
public sealed class OnCluster : ICollectionFixture<ClusterFixture>;

/// <summary>A Redis Cluster, empty for each class.</summary>
public sealed class RedisClusterFixture(ClusterFixture shared) : StoreFixture
{
    public override async ValueTask InitializeAsync()
    {
        await shared.Cluster.FlushAsync();
        Store = LedgerStore.OnRedis(shared.Cluster);
    }

    public override ValueTask DisposeAsync()
    {
        Store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
