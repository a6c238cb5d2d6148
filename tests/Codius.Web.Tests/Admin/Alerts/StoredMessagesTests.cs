using Codius.Web.Admin.Alerts;
using Codius.Web.Balances;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Tests.Balances;

namespace Codius.Web.Tests.Admin.Alerts;

public sealed class StoredMessagesOnRedis(RedisFixture fixture) : StoredMessagesTests(fixture), IClassFixture<RedisFixture>;

public sealed class StoredMessagesOnGarnet(GarnetFixture fixture) : StoredMessagesTests(fixture), IClassFixture<GarnetFixture>;

/// <summary>The messages that wait, in the store: whose they are, and how many there may be.</summary>
public abstract class StoredMessagesTests(StoreFixture fixture)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);
    private static readonly DateTimeOffset Later = Now.AddMinutes(2);

    private readonly StackExchange.Redis.RedisKey[] _keys = BalanceKeys.AlertMessages($"{Guid.NewGuid():n}");

    private StoredMessages Messages => new(fixture.Store.Store, _keys, 3);

    [Fact]
    public async Task What_is_stored_is_one_gateways_until_its_time_and_then_that_of_the_first_that_takes_it()
    {
        var (first, second) = (Of(1), Of(2));
        await Messages.PutAsync([second, first], Later);
        Assert.Empty(await Messages.TakeAsync(Later.AddMilliseconds(-1), Later));

        var taken = await Messages.TakeAsync(Later, Later.AddMinutes(2));

        Assert.Equal([first.Id, second.Id], taken.Select(message => message.Id));
        Assert.Equal((first.At, true, "one,two"), (taken[0].At, taken[0].IsCritical, string.Join(',', taken[0].Left)));
        Assert.Equal(first.Body, taken[0].Body);
        Assert.Empty(await Messages.TakeAsync(Later, Later.AddMinutes(2)));
    }

    [Fact]
    public async Task Of_too_many_the_new_ones_are_not_stored_and_those_that_are_may_change()
    {
        var messages = Enumerable.Range(0, 5).Select(Of).ToList();

        Assert.Equal(messages.Take(3).Select(message => message.Id).Order(), (await Messages.PutAsync(messages, Later)).Order());
        messages[2].EndedAt("one");
        Assert.Equal([messages[2].Id], (await Messages.PutAsync(messages[2..], Later)).Order());
        await Messages.RemoveAsync([messages[0].Id]);
        Assert.Equal([messages[4].Id], (await Messages.PutAsync([messages[4]], Later)).Order());

        Assert.Equal([messages[1].Id, messages[2].Id, messages[4].Id],
            (await Messages.TakeAsync(Later, Later.AddHours(1))).Select(message => message.Id));
    }

    [Fact]
    public async Task What_is_renewed_stays_and_what_is_gone_does_not_come_back()
    {
        var (stays, gone) = (Of(1), Of(2));
        await Messages.PutAsync([stays, gone], Later);
        await Messages.RemoveAsync([gone.Id]);
        await Messages.RenewAsync([stays.Id, gone.Id], Later.AddMinutes(1));

        Assert.Empty(await Messages.TakeAsync(Later, Later));
        Assert.Equal([stays.Id], (await Messages.TakeAsync(Later.AddMinutes(1), Later.AddHours(1))).Select(message => message.Id));
        Assert.Equal(1, await fixture.Store.Database.SortedSetLengthAsync(_keys[1]));
    }

    [Fact]
    public async Task What_a_crash_left_of_a_removal_is_removed()
    {
        var message = Of(1);
        await Messages.PutAsync([message], Later);
        await fixture.Store.Database.HashDeleteAsync(_keys[0], message.Id);

        Assert.Empty(await Messages.TakeAsync(Later, Later));
        Assert.False(await fixture.Store.Database.KeyExistsAsync(_keys[1]));
    }

    [Fact]
    public async Task All_end_when_no_gateway_runs()
    {
        await Messages.PutAsync([Of(1)], Later);

        foreach (var key in _keys)
            Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromDays(6), TimeSpan.FromDays(7));
    }

    private static AlertMessage Of(int second)
    {
        var message = AlertMessage.Began(
            new Alert("a", "a", AlertSeverity.Critical, "", "It is wrong: “ä”.", "Do something.", Now), "https://codius.test",
            Now.AddSeconds(second));
        message.SendTo(["one", "two"]);
        return message;
    }
}
