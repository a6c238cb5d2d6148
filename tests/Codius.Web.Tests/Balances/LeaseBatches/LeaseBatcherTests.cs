using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.LeaseBatches;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.LeaseBatches;

/// <summary>Steps of leases that share a script.</summary>
public sealed class LeaseBatcherTests : IAsyncDisposable
{
    private readonly RedisServer _server = new();
    private readonly AccountId[] _accounts = [.. Enumerable.Range(0, 40).Select(i => AccountId.OfApp($"app-{i}"))];
    private readonly List<IThreadPoolWorkItem> _turns = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_that_come_within_a_moment_share_scripts_and_each_has_its_own_answer()
    {
        using var store = await StartAsync();
        var scripts = new CountedScripts(store);
        var batcher = Batcher(scripts);

        var steps = _accounts.Select((account, i) => batcher.RunAsync(account, Arguments("1", wanted: i + 1))).ToArray();
        EndTurns();
        var answers = await Task.WhenAll(steps);

        Assert.Equal(["leases", "leases"], scripts.Names);
        for (var i = 0; i < _accounts.Length; i++)
        {
            Assert.Equal(("granted", $"{i + 1}"), ((string?)answers[i]![0], (string?)answers[i]![1]));
            var balance = (await store.Ledger.ReadAsync(_accounts[i], Stop))!.Value;
            Assert.Equal((1000UL, (ulong)i + 1), (balance.Credited, balance.Leased));
        }
    }

    [Theory]
    [InlineData("ERR refused, for whatever cause")]
    [InlineData("CROSSSLOT Keys in request don't hash to the same slot")] // a cluster that does not say that it is one
    public async Task When_the_store_refuses_a_shared_script_each_step_is_sent_alone(string error)
    {
        using var store = await StartAsync();
        var scripts = new CountedScripts(store) { Refusal = error };
        var batcher = Batcher(scripts);

        var steps = _accounts[..3].Select(account => batcher.RunAsync(account, Arguments("1", wanted: 5))).ToArray();
        EndTurns();

        Assert.All(await Task.WhenAll(steps), answer => Assert.Equal("granted", answer![0]));
        Assert.Equal(["leases", "lease", "lease", "lease"], scripts.Names);
        Assert.Equal(!error.StartsWith("CROSSSLOT", StringComparison.Ordinal), scripts.MayShare);
    }

    [Fact]
    public async Task A_step_that_fails_stops_no_other()
    {
        using var store = await StartAsync();
        var batcher = Batcher(new CountedScripts(store));
        await store.Database.KeyDeleteAsync(BalanceKeys.Account(_accounts[1]));
        await store.Database.StringSetAsync(BalanceKeys.Account(_accounts[1]), "not an account");

        var steps = _accounts[..3].Select(account => batcher.RunAsync(account, Arguments("1", wanted: 5))).ToArray();
        EndTurns();
        var answers = await Task.WhenAll(steps);

        Assert.Null(answers[1]);
        Assert.All((int[])[0, 2], i => Assert.Equal("granted", answers[i]![0]));
    }

    [Fact]
    public async Task While_the_store_does_not_answer_no_step_has_an_answer()
    {
        using var store = await StartAsync();
        var batcher = Batcher(new CountedScripts(store) { IsAway = true });

        var steps = _accounts[..3].Select(account => batcher.RunAsync(account, Arguments("1", wanted: 5))).ToArray();
        EndTurns();

        Assert.All(await Task.WhenAll(steps), Assert.Null);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<LedgerStore> StartAsync()
    {
        await _server.StartAsync(Stop);
        var store = LedgerStore.OnRedis(_server);
        foreach (var account in _accounts) await store.Ledger.CreditAsync(AccountUnderTest.Packet(account, 1000), Stop);
        return store;
    }

    private LeaseBatcher Batcher(LedgerScripts scripts) =>
        new(scripts, Supervised.By(TimeProvider.System).Work("leases"), _turns.Add);

    private void EndTurns()
    {
        Assert.Single(_turns);
        _turns[0].Execute();
    }

    // In the order of the script's ARGV.
    private static RedisValue[] Arguments(string id, int wanted) =>
        [id, 1, "0", wanted, wanted, "0", false, 10_000, "0", "", "", "0", "0", 0, false];

    private sealed class CountedScripts(LedgerStore store) : LedgerScripts(store.Store, store.Health)
    {
        public List<string> Names { get; } = [];

        public string? Refusal { get; init; }

        public bool IsAway { get; init; }

        protected override Task<RedisResult> EvaluateAsync(
            IDatabase database, LedgerScript script, RedisKey[] keys, RedisValue[] arguments)
        {
            Names.Add(script.Name);
            if (IsAway) throw new RedisException("away");
            return Refusal is { } error && script == LedgerScript.Leases
                ? database.ScriptEvaluateAsync("return redis.error_reply(ARGV[1])", [], [error])
                : base.EvaluateAsync(database, script, keys, arguments);
        }
    }
}
