using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>A real Redis, which the tests of a class use one after the other.</summary>
public sealed class RedisStoreFixture : IAsyncLifetime
{
    internal SimulatedStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await SimulatedStore.OnRedisAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
