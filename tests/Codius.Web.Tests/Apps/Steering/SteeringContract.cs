using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Names;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Steering;

/// <summary>What the host's owner sets for an app, through one of two gateways, on every store the ledger may have.</summary>
public abstract class SteeringContract(StoreFixture fixture) : IAsyncLifetime
{
    private static readonly AppSteering Dear = new(long.MaxValue, 0, null, 0);
    private static readonly AppSteering Blocked = new(null, null, "It harmed others: \"<b>\".", 0);

    private readonly FakeTimeProvider _time = new();
    private readonly string _name = "a" + Guid.NewGuid().ToString("N")[..12];
    private RedisSteering _one = null!;
    private RedisSteering _other = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _other) = (OnGateway(), OnGateway());
        await _one.StartAsync(Stop);
        await _other.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in new[] { _one, _other })
        {
            await gateway.StopAsync(CancellationToken.None);
            gateway.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_one_gateway_is_told_holds_there_at_once_and_at_the_others_soon()
    {
        var seen = new TaskCompletionSource<AppSteering>(TaskCreationOptions.RunContinuationsAsynchronously);
        _other.Changed += name =>
        {
            if (name == _name) seen.TrySetResult(_other.Of(name));
        };

        Assert.Equal(SteeringResult.Done, await _one.ChangeAsync(_name, Dear, 0, Stop));

        Assert.Equal(Dear with { Version = _one.Of(_name).Version }, _one.Of(_name));
        Assert.Equal(_one.Of(_name), await seen.Task.WaitAsync(Stop));
        Assert.Equal(_one.Of(_name), await _other.ReadAsync(_name, Stop));
        Assert.True(_one.Of(_name).Version > 0);
    }

    [Fact]
    public async Task Of_two_admins_who_change_the_same_app_the_second_is_told()
    {
        await _one.ChangeAsync(_name, Dear, 0, Stop);
        var version = _one.Of(_name).Version;

        Assert.Equal(SteeringResult.Conflict, await _other.ChangeAsync(_name, Blocked, 0, Stop));
        Assert.Equal(Dear with { Version = version }, await _one.ReadAsync(_name, Stop));
        Assert.Equal(SteeringResult.Done, await _other.ChangeAsync(_name, Blocked, version, Stop));
        Assert.Equal(SteeringResult.Conflict, await _one.ChangeAsync(_name, Dear, version, Stop));
        Assert.Equal(Blocked.BlockedWords, (await _one.ReadAsync(_name, Stop)).BlockedWords);
    }

    [Fact]
    public async Task A_version_that_was_seen_never_comes_again()
    {
        await _one.ChangeAsync(_name, Blocked, 0, Stop);
        var version = _one.Of(_name).Version;
        await _one.ChangeAsync(_name, AppSteering.None, version, Stop);
        await _one.ChangeAsync(_name, Dear, 0, Stop);

        Assert.Equal(SteeringResult.Conflict, await _one.ChangeAsync(_name, Blocked, version, Stop));
    }

    [Fact]
    public async Task A_request_to_sleep_contradicts_no_change_and_is_kept_beside_it()
    {
        await _one.ChangeAsync(_name, Dear, 0, Stop);
        var before = _one.Of(_name);

        Assert.Equal(SteeringResult.Done, await _one.RequestSleepAsync(_name, Stop));

        var asleep = _one.Of(_name);
        Assert.Equal(before with { SleepRequest = asleep.SleepRequest }, asleep);
        Assert.True(asleep.SleepRequest > 0);
        Assert.Equal(SteeringResult.Done, await _one.ChangeAsync(_name, Blocked, before.Version, Stop));
        Assert.Equal(asleep.SleepRequest, _one.Of(_name).SleepRequest);
        await _one.RequestSleepAsync(_name, Stop);
        Assert.True(_one.Of(_name).SleepRequest > asleep.SleepRequest);
    }

    [Fact]
    public async Task What_is_taken_back_leaves_nothing_in_the_store()
    {
        await _one.ChangeAsync(_name, Blocked, 0, Stop);
        await _one.ChangeAsync(_name, AppSteering.None, _one.Of(_name).Version, Stop);

        Assert.Equal(AppSteering.None, _one.Of(_name));
        Assert.False(await fixture.Store.Database.HashExistsAsync(SteeringScripts.Entries, _name));
    }

    [Fact]
    public async Task A_change_whose_message_was_lost_is_seen_a_few_seconds_later()
    {
        // As a gateway leaves it that crashed between the write and the message.
        var database = fixture.Store.Database;
        var version = await database.StringIncrementAsync(SteeringScripts.Version);
        await database.HashSetAsync(SteeringScripts.Entries, _name, $"{version} 0 {{\"pricePerRequest\":7}}");

        await Eventually.TrueAsync("the other gateway sees it", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return _other.Of(_name) == new AppSteering(7, null, null, version);
        });
    }

    [Fact]
    public async Task An_app_stays_blocked_if_its_entry_cannot_be_read()
    {
        await _one.ChangeAsync(_name, Blocked, 0, Stop);
        var database = fixture.Store.Database;
        await database.HashSetAsync(SteeringScripts.Entries, _name, "not an entry");
        await database.StringIncrementAsync(SteeringScripts.Version);

        await _one.RequestSleepAsync("another", Stop);

        Assert.True(_one.Of(_name).IsBlocked);
        Assert.False(_one.Of(_name).IsUnreadable);
        Assert.Contains(_name, _one.Unreadable);
        Assert.True((await _one.ReadAsync(_name, Stop)).IsBlocked);
        // The next change mends it.
        Assert.Equal(SteeringResult.Done, await _one.ChangeAsync(_name, Dear, (await _one.ReadAsync(_name, Stop)).Version, Stop));
        Assert.Equal(_one.Of(_name), await _one.ReadAsync(_name, Stop));
        Assert.False(_one.Of(_name).IsBlocked);
    }

    [Fact]
    public async Task An_entry_whose_version_alone_can_be_read_is_mended_by_the_next_change()
    {
        var database = fixture.Store.Database;
        var version = await database.StringIncrementAsync(SteeringScripts.Version);
        await database.HashSetAsync(SteeringScripts.Entries, _name, $"{version} 0 {{\"pricePerRequest\":");

        var read = await _one.ReadAsync(_name, Stop);

        Assert.Equal(AppSteering.Unreadable with { Version = version }, read);
        Assert.Equal(SteeringResult.Done, await _one.ChangeAsync(_name, Dear, read.Version, Stop));
        Assert.Equal(Dear.PricePerRequest, (await _one.ReadAsync(_name, Stop)).PricePerRequest);
    }

    [Fact]
    public async Task A_gateway_that_starts_knows_it_before_the_first_visit()
    {
        await _one.ChangeAsync(_name, Blocked, 0, Stop);
        using var later = OnGateway();

        await later.StartAsync(Stop);

        Assert.Equal(_one.Of(_name), later.Of(_name));
        await later.StopAsync(Stop);
    }

    [Theory]
    [InlineData("not an entry", 0)]
    [InlineData("7 0 {\"blockedWords\":", 7)]
    public async Task A_gateway_that_starts_blocks_an_app_whose_entry_it_cannot_read(string entry, long version)
    {
        await fixture.Store.Database.HashSetAsync(SteeringScripts.Entries, _name, entry);
        using var later = OnGateway();

        await later.StartAsync(Stop);

        Assert.Equal(AppSteering.Unreadable with { Version = version }, later.Of(_name));
        Assert.True(later.Of(_name).IsBlocked);
        Assert.Contains(_name, later.Unreadable);
        // A request to sleep writes nothing over it.
        await later.RequestSleepAsync(_name, Stop);
        Assert.Equal(AppSteering.Unreadable with { Version = version }, (await later.ReadAsync(_name, Stop)) with { SleepRequest = 0 });
        // It is mended as any other: by what its owner sets next.
        Assert.Equal(SteeringResult.Done, await later.ChangeAsync(_name, AppSteering.None, version, Stop));
        Assert.False(later.Of(_name).IsBlocked);
        Assert.DoesNotContain(_name, later.Unreadable);
        await later.StopAsync(Stop);
    }

    [Fact]
    public async Task The_stored_format()
    {
        await _one.ChangeAsync(_name, new AppSteering(7, 8, "words", 0), 0, Stop);
        await _one.RequestSleepAsync(_name, Stop);

        Assert.Matches("""^\d+ \d+ {"pricePerRequest":7,"maxSpendPerHour":8,"blockedWords":"words"}$""",
            (string?)await fixture.Store.Database.HashGetAsync("codius-apps:{all}:steering", _name));
        Assert.True((long)await fixture.Store.Database.StringGetAsync("codius-apps:{all}:steering-version") >= 2);
    }

    [Fact]
    public async Task A_names_next_owner_begins_without_it()
    {
        var (alice, bob) = (AccountId.OfDeployToken("alice"), AccountId.OfDeployToken("bob"));
        var holds = HoldsFor(TimeSpan.Zero);
        await _one.ChangeAsync(_name, Blocked, 0, Stop);
        await holds.ExistsAsync(_name, alice, Stop);
        await holds.HoldAsync(_name, alice, Stop);

        Assert.Null(await holds.ClaimAsync(_name, bob, Stop));

        Assert.Equal(AppSteering.None, await _one.ReadAsync(_name, Stop));
    }

    [Fact]
    public async Task What_is_set_for_a_free_name_is_swept_and_for_all_others_stays()
    {
        var (held, hosted, hash) = ("h" + _name, "o" + _name, new string('b', 52));
        var apps = new FakeApps();
        apps.Host(hosted);
        var holds = HoldsFor(TimeSpan.FromDays(90));
        foreach (var name in new[] { _name, held, hosted, hash })
            await _one.ChangeAsync(name, Blocked, (await _one.ReadAsync(name, Stop)).Version, Stop);
        await holds.ExistsAsync(held, AccountId.OfDeployToken("alice"), Stop);
        await holds.HoldAsync(held, AccountId.OfDeployToken("alice"), Stop);

        using var sweep = new SteeringSweep(_one, apps, holds, Supervised.By(), _time);
        await sweep.SweepAsync(Stop);

        Assert.Equal([false, true, true, true], new[] { _name, held, hosted, hash }.Select(name => _one.Of(name).IsBlocked));
    }

    private NameHolds HoldsFor(TimeSpan keep) =>
        new(fixture.Store.Scripts, fixture.Store.Ledger, _one, Options.Create(new AppOptions { KeepName = keep }));

    private RedisSteering OnGateway() =>
        new(fixture.Store.Store, Supervised.By(), _time, NullLogger<RedisSteering>.Instance);
}

public sealed class SteeringOnRedisTests(RedisFixture fixture) : SteeringContract(fixture), IClassFixture<RedisFixture>;

public sealed class SteeringOnGarnetTests(GarnetFixture fixture) : SteeringContract(fixture), IClassFixture<GarnetFixture>;
