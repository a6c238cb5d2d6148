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
}
