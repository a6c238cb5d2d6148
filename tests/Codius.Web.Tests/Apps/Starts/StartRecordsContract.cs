using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Starts;
using Codius.Web.Tests.Balances;

namespace Codius.Web.Tests.Apps.Starts;

/// <summary>How an app's starts ended, on every store the ledger may have.</summary>
public abstract class StartRecordsContract(StoreFixture fixture)
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly AppState Awake = new AppState.Awake(new Uri("http://127.0.0.1:1"));

    private readonly string _name = "a" + Guid.NewGuid().ToString("N")[..12];
    private readonly StartRecords _records = new(fixture.Store.Store);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_fifty_are_kept_and_a_long_reason_is_cut()
    {
        for (var number = 0; number < 60; number++)
            await _records.AddAsync(_name, new StartRecord(At, FailureCause.App, $"{number} {new string('x', 600)}", number));

        var kept = await _records.ReadAsync(_name);

        Assert.Equal(Enumerable.Range(10, 50).Reverse().Select(number => (long?)number), kept.Select(start => start.Milliseconds));
        Assert.All(kept, start => Assert.Equal(503, start.Reason!.Length));
    }

    [Fact]
    public async Task A_record_that_is_written_again_since_the_answer_was_lost_is_kept_once()
    {
        var start = new StartRecord(At, null, null, 1500);
        await _records.AddAsync(_name, start);
        await _records.AddAsync(_name, start with { At = At.AddSeconds(1) });
        await _records.AddAsync(_name, start);

        Assert.Equal([At.AddSeconds(1), At], (await _records.ReadAsync(_name)).Select(kept => kept.At));
    }

    [Fact]
    public async Task The_stored_format()
    {
        await _records.AddAsync(_name, new StartRecord(At, null, null, 1500));
        await _records.AddAsync(_name, new StartRecord(At, FailureCause.OwnersLimit, "No.", null));

        Assert.Equal(
            [
                """{"at":"2030-01-02T03:04:05+00:00","cause":"OwnersLimit","reason":"No."}""",
                """{"at":"2030-01-02T03:04:05+00:00","milliseconds":1500}""",
            ],
            (await fixture.Store.Database.ListRangeAsync($"codius:{{{_name}}}:starts")).Select(json => (string?)json));
        Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync($"codius:{{{_name}}}:starts"))!.Value,
            TimeSpan.FromDays(89), TimeSpan.FromDays(90));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_start_is_recorded_once_by_the_gateway_that_puts_apps_to_sleep(bool decides)
    {
        var apps = new FakeApps();
        apps.Host(_name);
        using var keeper = new StartKeeper(apps, new Activity(decides), _records, Supervised.By(), TimeProvider.System);
        await keeper.StartAsync(Stop);
        var failure = new AppState.Failed("No.") { Cause = FailureCause.Host };
        foreach (var state in new[]
        {
            AppState.Waking, new AppState.WakingState("slow"), Awake, AppState.Asleep,
            AppState.Waking, failure, failure, failure with { Refused = true },
            AppState.Waking, Awake,
        }) apps.Set(_name, state);

        if (decides)
        {
            var starts = await Eventually.TrueAsync("all are written", async () =>
                await _records.ReadAsync(_name) is { Count: 3 } all ? (all[0], all[1], all[2])
                    : ((StartRecord, StartRecord, StartRecord)?)null);
            Assert.Equal((true, false, true), (starts.Item1.Succeeded, starts.Item2.Succeeded, starts.Item3.Succeeded));
            Assert.Equal((FailureCause.Host, "No."), (starts.Item2.Cause, starts.Item2.Reason));
            Assert.All(new[] { starts.Item1, starts.Item2, starts.Item3 }, start => Assert.NotNull(start.Milliseconds));
        }
        await keeper.StopAsync(Stop);
        Assert.Equal(decides ? 3 : 0, (await _records.ReadAsync(_name)).Count);
    }

    private sealed class Activity(bool decides) : IActivityView
    {
        public bool Decides => decides;

        public int Open(string app) => 0;

        public TimeSpan? IdleFor(string app) => null;
    }
}

public sealed class StartRecordsOnRedisTests(RedisFixture fixture) : StartRecordsContract(fixture), IClassFixture<RedisFixture>;

public sealed class StartRecordsOnGarnetTests(GarnetFixture fixture) : StartRecordsContract(fixture), IClassFixture<GarnetFixture>;
