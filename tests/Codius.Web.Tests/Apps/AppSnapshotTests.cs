using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Apps;

public sealed class AppSnapshotTests
{
    private const string Hash = "eucn2szejyvskzlxcyyh6vo6o4ax47axox7qes4f6j6ufwadjmzq";
    private static readonly AccountId Alice = AccountId.OfDeployToken("alice");

    private readonly AppSnapshot _apps = new([new("shop", Hash, "hello", Alice), new("blog", Hash, "hello"), new(Hash, Hash, "hello")]);

    [Fact]
    public void A_hash_leads_to_a_name_that_was_deployed_with_it_and_not_to_itself()
    {
        Assert.True(_apps.TryFindName(Hash, out var app));
        Assert.NotEqual(Hash, app.Name);
        Assert.False(_apps.TryFindName("shop", out _));
    }

    [Fact]
    public void An_owner_is_known_without_a_search()
    {
        Assert.True(_apps.OwnsAny(Alice));
        Assert.False(_apps.OwnsAny(AccountId.OfDeployToken("bob")));
    }

    [Fact]
    public void The_names_that_people_read_are_in_their_order() => Assert.Equal(["blog", "shop"], _apps.Named.Select(app => app.Name));

    [Fact]
    public void A_hash_is_an_app_of_its_own_as_long_as_a_name_has_it()
    {
        var one = AppSnapshot.Empty.With([new("shop", new("shop", Hash, "hello", Alice)), new("blog", new("blog", Hash, "hello"))]);
        Assert.True(one.TryFind(Hash, out var hashed));
        Assert.Null(hashed.Owner);
        Assert.Equal(3, one.Count);

        var two = one.With([new("blog", null)]);
        Assert.True(two.TryFind(Hash, out hashed));
        Assert.Equal($"{Alice}:hashes", hashed.CountsWith);
        Assert.True(two.TryFindName(Hash, out var named));
        Assert.Equal("shop", named.Name);

        var none = two.With([new("shop", null)]);
        Assert.False(none.TryFind(Hash, out _));
        Assert.False(none.TryFindName(Hash, out _));
        Assert.False(none.OwnsAny(Alice));
        Assert.Equal(0, none.Count);
    }

    [Fact]
    public void A_resource_named_by_its_hash_stays_when_the_names_go_and_the_names_app_when_it_goes()
    {
        var own = new HostedApp(Hash, Hash, "own", Alice);
        var both = AppSnapshot.Empty.With([new(Hash, own), new("shop", new("shop", Hash, "hello"))]);
        Assert.True(both.TryFind(Hash, out var app));
        Assert.Equal("own", app.Image);

        Assert.True(both.With([new("shop", null)]).TryFind(Hash, out app));
        Assert.Equal("own", app.Image);

        Assert.True(both.With([new(Hash, null)]).TryFind(Hash, out app));
        Assert.Equal("hello", app.Image);
    }

    [Fact]
    public void A_name_with_another_version_leaves_the_earlier_hash()
    {
        const string next = "aucn2szejyvskzlxcyyh6vo6o4ax47axox7qes4f6j6ufwadjmzq";
        var first = AppSnapshot.Empty.With(
            [new("shop", new("shop", Hash, "hello", Alice)), new("blog", new("blog", next, "hello", Alice))]);

        var now = first.With([new("shop", new("shop", next, "hello", Alice))]);

        Assert.False(now.TryFind(Hash, out _));
        Assert.Equal([Hash, "shop"], now.ChangedSince(first).Order(StringComparer.Ordinal));
        Assert.True(now.OwnsAny(Alice));
        Assert.True(first.TryFind(Hash, out _));
    }

    [Fact]
    public void A_change_among_a_hundred_thousand_apps_copies_few_of_them_and_finds_what_changed()
    {
        var apps = AppSnapshot.Empty.With([.. Enumerable.Range(0, 100_000).Select(number => Numbered(number, $"hash-{number}"))]);
        Assert.Equal(200_000, apps.Count);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var now = apps.With([Numbered(7, "another")]);
        var changed = now.ChangedSince(apps).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(["another", "app-7", "hash-7"], changed);
        // A copy of all is some tens of megabytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1_000_000);

        static KeyValuePair<string, HostedApp?> Numbered(int number, string hash) =>
            new($"app-{number}", new HostedApp($"app-{number}", hash, "hello", Alice));
    }
}
