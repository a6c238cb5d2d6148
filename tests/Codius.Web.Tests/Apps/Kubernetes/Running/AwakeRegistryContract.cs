using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Balances;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Logging.Abstractions;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>Which names are awake, and how many of one owner, on every store the ledger may have.</summary>
public abstract class AwakeRegistryContract(StoreFixture fixture) : IAsyncLifetime
{
    private readonly AccountId _owner = AccountId.OfDeployToken(Guid.NewGuid().ToString());
    private readonly AwakeRegistry[] _gateways = [RegistryOn(fixture), RegistryOn(fixture)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var gateway in _gateways) await gateway.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.StopAsync(Stop);
            gateway.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_the_wakes_of_all_gateways_at_once_an_owner_gets_as_many_as_may_be()
    {
        var apps = Enumerable.Range(0, 20).Select(_ => App()).ToArray();

        var written = await Task.WhenAll(apps.Select((app, i) => _gateways[i % 2].SetAsync(app, new AwakeName(app.Hash), 3)));

        Assert.Equal(3, written.Count(done => done));
        // One that is awake may wake again, and another's are not concerned.
        var awake = apps[Array.IndexOf(written, true)];
        Assert.True(await _gateways[1].SetAsync(awake, new AwakeName(awake.Hash), 3));
        Assert.True(await _gateways[0].SetAsync(App() with { CountsWith = null }, new AwakeName("hash"), 3));
    }

    [Fact]
    public async Task A_name_that_sleeps_makes_room_and_of_an_owner_whose_names_all_sleep_nothing_is_left()
    {
        var (first, second) = (App(), App());
        Assert.True(await _gateways[0].SetAsync(first, new AwakeName(first.Hash), 1));
        Assert.False(await _gateways[1].SetAsync(second, new AwakeName(second.Hash), 1));

        await _gateways[0].RemoveAsync(first);

        Assert.True(await _gateways[1].SetAsync(second, new AwakeName(second.Hash), 1));
        await _gateways[1].ChangeAsync(second, new AwakeName(second.Hash), null);
        Assert.False(await fixture.Store.Database.KeyExistsAsync($"codius-apps:{{all}}:awake-of:{_owner}"));
    }

    [Fact]
    public async Task A_name_that_slept_by_another_way_does_not_count()
    {
        var (first, second) = (App(), App());
        await _gateways[0].SetAsync(first, new AwakeName(first.Hash), 1);
        await fixture.Store.Database.HashDeleteAsync("codius-apps:{all}:awake", first.Name);

        Assert.True(await _gateways[0].SetAsync(second, new AwakeName(second.Hash), 1));
    }

    private static AwakeRegistry RegistryOn(StoreFixture fixture) =>
        new(fixture.Store.Store, Supervised.By(), TimeProvider.System, NullLogger<AwakeRegistry>.Instance);

    private HostedApp App() => new("a" + Guid.NewGuid().ToString("N")[..12], "hash", "image", _owner);
}

public sealed class AwakeRegistryOnRedisTests(RedisFixture fixture) : AwakeRegistryContract(fixture), IClassFixture<RedisFixture>;

public sealed class AwakeRegistryOnGarnetTests(GarnetFixture fixture) : AwakeRegistryContract(fixture), IClassFixture<GarnetFixture>;
