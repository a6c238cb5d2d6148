using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Apps.Steering;

/// <summary>Apps carry what the host's owner set for them, whichever of the two changes.</summary>
public sealed class SteeredCatalogTests
{
    private static readonly AppSteering Blocked = new(null, null, "No.", 1);

    private readonly FakeApps _apps = new();
    private readonly FakeSteering _steering = new();
    private readonly SteeredCatalog _catalog;

    public SteeredCatalogTests() => _catalog = new SteeredCatalog(_apps, _steering, Supervised.By());

    [Fact]
    public void What_was_set_before_an_app_was_deployed_holds_for_it()
    {
        _steering.Set("hello", Blocked);

        _apps.Host("hello");

        Assert.Equal(Blocked, Find("hello").Steering);
    }

    [Fact]
    public void A_new_version_of_a_blocked_app_is_blocked_too()
    {
        _apps.Host("hello");
        _steering.Set("hello", Blocked);

        _apps.Host("hello", hash: 'b');

        Assert.Equal((new string('b', 52), "No."), (Find("hello").Hash, Find("hello").BlockedWords));
    }

    [Fact]
    public void Nothing_of_it_stays_once_it_is_taken_back()
    {
        var app = _apps.Host("hello");
        _steering.Set("hello", Blocked);

        _steering.Set("hello", AppSteering.None);

        Assert.Equal(app with { Steering = AppSteering.None }, Find("hello"));
        Assert.Null(Find("hello").BlockedWords);
    }

    [Fact]
    public void Other_apps_are_not_concerned_and_owners_and_hashes_are_found_as_before()
    {
        var other = _apps.Host("other", hash: 'b');
        _apps.Host("hello");

        _steering.Set("hello", Blocked);
        _steering.Set("nothing-there", Blocked);

        Assert.Same(other, Find("other"));
        Assert.True(_catalog.Current.TryFindName(other.Hash, out var named));
        Assert.Same(other, named);
        Assert.Equal(["hello", "other"], _catalog.Current.Named.Select(app => app.Name));
        Assert.False(_catalog.Current.TryFind("nothing-there", out _));
    }

    [Fact]
    public void Each_change_is_announced_after_it_can_be_read()
    {
        _apps.Host("hello");
        string? read = null;
        _catalog.Changed += () => read = Find("hello").BlockedWords;

        _steering.Set("hello", Blocked);

        Assert.Equal("No.", read);
        Assert.Equal(["hello"], _catalog.Current.ChangedSince(_apps.Current));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(5UL, null, 5UL)]
    [InlineData(null, 5UL, 5UL)]
    [InlineData(4UL, 5UL, 4UL)]
    [InlineData(5UL, 4UL, 4UL)]
    [InlineData(null, 0UL, 0UL)]
    public void The_stricter_cap_holds(ulong? owners, ulong? hosts, ulong? holds)
    {
        _apps.Host("hello", maxSpendPerHour: owners);
        _steering.Set("hello", new AppSteering(null, hosts, null, 1));

        Assert.Equal(holds, Find("hello").CapPerHour);
    }

    [Fact]
    public void A_price_of_its_own_changes_what_its_page_opens_at()
    {
        var host = new Prices(10, 5, 600, 210) { OpensAtUsual = true };
        var app = _apps.Host("hello");

        Assert.Same(host, host.For(app));
        Assert.Equal((7UL, 150UL, 5UL), Of(host.WithPerRequest(7)));
        // An amount that the host chose holds, unless a wake and a request cost more.
        Assert.Equal((7UL, 210UL, 5UL), Of((host with { OpensAtUsual = false }).WithPerRequest(7)));
        Assert.Equal((1000UL, 1010UL, 5UL), Of((host with { OpensAtUsual = false }).WithPerRequest(1000)));
        Assert.Null(SteeringRules.FaultOfPrice(host.MostPerRequest, host));
        Assert.NotNull(SteeringRules.FaultOfPrice(host.MostPerRequest + 1, host));
        Assert.InRange(host.WithPerRequest(host.MostPerRequest).OpenAt, 1UL, (ulong)long.MaxValue);

        static (ulong PerRequest, ulong OpenAt, ulong PerDeploy) Of(Prices prices) =>
            (prices.PerRequest, prices.OpenAt, prices.PerDeploy);
    }

    private HostedApp Find(string name)
    {
        Assert.True(_catalog.Current.TryFind(name, out var app));
        return app;
    }
}
