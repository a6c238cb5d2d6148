using Codius.Web.Admin.Alerts;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>Which messages come of alerts while the store is away, and once it is back.</summary>
public sealed class AlertsWithoutStoreTests : AlertStage
{
    [Fact]
    public async Task While_the_store_is_away_alerts_are_sent_all_the_same()
    {
        await Redis.KillAsync();
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute + AlertWatch.Interval);

        Assert.Equal(["alert.began"], await AlertBench.TypesAsync(Server, 1));
    }

    [Fact]
    public async Task What_began_and_ended_while_the_store_was_away_is_sent_as_ended_when_it_is_back()
    {
        await Redis.KillAsync();
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(2 * Minute);
        await AlertBench.TypesAsync(Server, 1);
        await StoreIsBackAsync();
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
    }

    [Fact]
    public async Task What_began_while_the_store_was_away_is_marked_when_it_is_back_and_not_sent_anew()
    {
        await Redis.KillAsync();
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        await AlertBench.TypesAsync(Server, 1);
        await StoreIsBackAsync();
        await bench.RunAsync(Minute);
        await using var other = new AlertBench(Store, Time, Server.Url);
        await other.StartDeliveryAsync();
        other.Wrong.Add(Wrong);
        await other.RunAsync(2 * Minute);
        Assert.Single(other.Watch.Current);
        bench.Wrong.Clear();
        // The other one saw it last.
        await bench.RunAsync(5 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
    }

    [Fact]
    public async Task A_mark_that_was_lost_while_the_store_was_away_is_set_again_and_nothing_is_sent_anew()
    {
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        await AlertBench.TypesAsync(Server, 1);
        await Store.Database.KeyDeleteAsync(Mark);
        await Redis.KillAsync();
        await bench.RunAsync(AlertWatch.Interval);
        await StoreIsBackAsync();
        await bench.RunAsync(Minute);
        Assert.True(await Store.Database.KeyExistsAsync(Mark));
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
    }

    [Fact]
    public async Task What_ended_while_the_store_was_away_is_not_sent_again_when_it_is_back_and_is_sent_when_it_begins_anew()
    {
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        await AlertBench.TypesAsync(Server, 1);
        await Redis.KillAsync();
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);
        await AlertBench.TypesAsync(Server, 2);
        await StoreIsBackAsync();
        await bench.RunAsync(10 * Minute);
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);

        Assert.Equal(["alert.began", "alert.ended", "alert.began"], await AlertBench.TypesAsync(Server, 3));
    }
}
