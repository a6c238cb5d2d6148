using System.Net;
using Codius.Web.Balances;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Notes;

/// <summary>What strangers make the host remember, on every kind of store; each test has the whole store, as a host has.</summary>
public abstract class NotesContract(StoreFixture fixture) : IAsyncLifetime
{
    private const int Most = 20;

    private static readonly IPAddress Flood = IPAddress.Parse("203.0.113.1");

    public async ValueTask InitializeAsync()
    {
        await fixture.Store.Database.KeyDeleteAsync(BalanceKeys.Notes);
        fixture.Store.NotesSettings.Most = Most;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_note_is_written_once_and_found()
    {
        Assert.True(await AddAsync("grant:one", Flood));
        Assert.False(await AddAsync("grant:one", Flood));
        Assert.False(await AddAsync("grant:one", IPAddress.Loopback));

        var found = await fixture.Store.Notes.HaveAsync("grant:one", "grant:two");
        Assert.Equal((true, false), (found[0], found[1]));
        await AssertConsistentAsync();
    }

    [Fact]
    public async Task A_note_ends_and_makes_room()
    {
        Assert.True(await AddAsync("short", Flood, -1));

        Assert.False(await fixture.Store.Notes.HasAsync("short"));
        Assert.True(await AddAsync("short", Flood));
        Assert.True(await fixture.Store.Notes.HasAsync("short"));
        await AssertConsistentAsync();
    }

    [Fact]
    public async Task No_note_and_no_key_lives_longer_than_32_days()
    {
        await AddAsync("for ever", Flood, TimeSpan.FromDays(1000).TotalSeconds);

        var end = await fixture.Store.Database.SortedSetScoreAsync(BalanceKeys.Notes[2], "for ever");
        Assert.True(end <= AccountUnderTest.InSeconds(TimeSpan.FromDays(32.01).TotalSeconds).ToUnixTimeMilliseconds());
        foreach (var key in BalanceKeys.Notes)
            Assert.NotNull(await fixture.Store.Database.KeyTimeToLiveAsync(key));
    }

    [Fact]
    public async Task The_heaviest_client_loses_its_oldest_and_the_others_keep_theirs()
    {
        var others = Enumerable.Range(1, 5).Select(i => IPAddress.Parse($"198.51.100.{i}")).ToArray();
        foreach (var other in others) await AddAsync($"of {other}", other);

        for (var i = 0; i < 200; i++) Assert.True(await AddAsync($"flood {i:D3}", Flood));

        Assert.Equal(Most, await fixture.Store.Database.HashLengthAsync(BalanceKeys.Notes[0]));
        Assert.All(await fixture.Store.Notes.HaveAsync([.. others.Select(other => $"of {other}")]), Assert.True);
        var flooded = await fixture.Store.Notes.HaveAsync([.. Enumerable.Range(0, 200).Select(i => $"flood {i:D3}")]);
        Assert.Equal(Most - others.Length, flooded.Count(has => has));
        Assert.True(flooded[^1]);
        await AssertConsistentAsync();
    }

    [Fact]
    public async Task A_network_of_addresses_is_one_client()
    {
        // The heaviest of all networks of /64.
        foreach (var id in (string[])["honest", "honest too"]) await AddAsync(id, IPAddress.Parse("2001:db8:2::1"));

        // A whole /48 that is one subscriber's, with a note of each of its networks.
        for (var i = 0; i < 100; i++) await AddAsync($"flood {i}", IPAddress.Parse($"2001:db8:1:{i + 1:x}::{i + 1:x}"));

        Assert.True(await fixture.Store.Notes.HasAsync("honest"));
    }

    [Fact]
    public async Task What_a_crash_left_half_written_is_removed_in_time()
    {
        // As if the store had died between the lines: an end and a count without a note.
        var end = AccountUnderTest.InSeconds(60).ToUnixTimeMilliseconds();
        await fixture.Store.Database.SortedSetAddAsync(
            BalanceKeys.Notes[2], [.. Enumerable.Range(0, Most).Select(i => new SortedSetEntry($"lost {i}", end))]);
        await fixture.Store.Database.SortedSetAddAsync(BalanceKeys.Notes[3], "abcdef", 1_000);

        for (var i = 0; i < Most; i++) await AddAsync($"new {i}", Flood);

        Assert.True(await fixture.Store.Database.SortedSetLengthAsync(BalanceKeys.Notes[2]) <= Most);
        Assert.True(await fixture.Store.Notes.HasAsync($"new {Most - 1}"));
    }

    private ValueTask<bool> AddAsync(string id, IPAddress from, double seconds = 600) =>
        fixture.Store.Notes.TryAddAsync(id, from, AccountUnderTest.InSeconds(seconds));

    private async Task AssertConsistentAsync()
    {
        var (database, keys) = (fixture.Store.Database, BalanceKeys.Notes);
        var count = await database.HashLengthAsync(keys[0]);
        Assert.Equal(count, await database.SortedSetLengthAsync(keys[1]));
        Assert.Equal(count, await database.SortedSetLengthAsync(keys[2]));
        Assert.Equal(count, (await database.SortedSetRangeByRankWithScoresAsync(keys[3])).Sum(client => client.Score));
    }
}

/// <summary>On a real redis-server.</summary>
public sealed class NotesOnRedisTests(RedisFixture fixture) : NotesContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class NotesOnGarnetTests(GarnetFixture fixture) : NotesContract(fixture), IClassFixture<GarnetFixture>;
