using Codius.Web.Hosting.Rates;

namespace Codius.Web.Tests.Hosting.Rates;

public sealed class FairPlacesTests
{
    private readonly FairPlaces<int> _places = new();

    [Fact]
    public void One_holder_alone_gets_half_and_others_a_hundredth_each_of_the_rest()
    {
        Assert.Equal(501, TakeAll(1, 1_000));
        Assert.Equal(10, TakeAll(2, 1_000));
        Assert.Equal((511, 501, 10), (_places.Taken, _places.TakenBy(1), _places.TakenBy(2)));
    }

    [Fact]
    public void Nearly_fifty_holders_take_what_they_can_and_one_that_has_none_still_finds_a_place()
    {
        for (var holder = 0; holder < 49; holder++) TakeAll(holder, 1_000);

        Assert.True(_places.HasRoomFor(100, 1_000));
    }

    [Fact]
    public void A_place_that_is_given_back_is_anybodys_again()
    {
        Assert.Equal(1, TakeAll(1, 1));
        Assert.False(_places.HasRoomFor(2, 1));

        _places.GiveBack(1);

        Assert.Equal((0, 0), (_places.Taken, _places.TakenBy(1)));
        Assert.True(_places.HasRoomFor(2, 1));
    }

    private int TakeAll(int holder, int places)
    {
        var taken = 0;
        for (; _places.HasRoomFor(holder, places); taken++) _places.Take(holder);
        return taken;
    }
}
