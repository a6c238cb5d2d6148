using System.Globalization;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>When the state of the ledger's store is an alert.</summary>
public sealed class LedgerAlertsTests : IClassFixture<GarnetFixture>
{
    private readonly LedgerHealth _health;
    private readonly LedgerAlerts _alerts;

    public LedgerAlertsTests(GarnetFixture fixture)
    {
        _health = new LedgerHealth(fixture.Store.Store, new FakeTimeProvider(), NullLogger<LedgerHealth>.Instance);
        _alerts = new LedgerAlerts(_health, new OutstandingLeases(1_000), new LiveGateways());
    }

    private IEnumerable<(string, AlertSeverity, string, string)> Found => _alerts.Check()
        .Select(condition => (condition.Rule.Id, condition.Severity, condition.Subject, condition.Summary));

    [Fact]
    public void A_ledger_that_works_has_none_also_before_its_settings_were_read()
    {
        Assert.Empty(Found);
        _health.Durability = Durability.OfEmbedded;
        Assert.Empty(Found);
        _health.Durability = Redis(used: 1, most: 100);
        Assert.Empty(Found);
    }

    [Fact]
    public async Task A_ledger_that_is_away_is_one_until_it_takes_a_write()
    {
        _health.Failed("read", new TimeoutException("no answer in time"));
        Assert.Equal(
            [("ledger-unavailable", AlertSeverity.Critical, "", "The ledger takes no writes: read: no answer in time")], Found);

        Assert.Null(await _health.ProbeAsync(TestContext.Current.CancellationToken));
        Assert.Empty(Found);
    }

    [Fact]
    public void A_store_that_may_forget_what_was_paid_is_one()
    {
        _health.Durability = Redis(used: 1, most: 100, ("aof_enabled", "0"), ("maxmemory_policy", "allkeys-lru"));

        var (rule, severity, _, summary) = Assert.Single(Found);
        Assert.Equal(("ledger-not-durable", AlertSeverity.Critical), (rule, severity));
        Assert.Contains("Set `appendonly yes`.", summary, StringComparison.Ordinal);
        Assert.Contains("Set `maxmemory-policy noeviction`.", summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(79, null)]
    [InlineData(80, AlertSeverity.Warning)]
    [InlineData(89, AlertSeverity.Warning)]
    [InlineData(90, AlertSeverity.Critical)]
    [InlineData(101, AlertSeverity.Critical)]
    public void Memory_is_one_from_80_percent_of_its_bound_and_critical_from_90(long used, object? severity)
    {
        _health.Durability = Redis(used, most: 100);

        Assert.Equal(
            severity is AlertSeverity known
                ? [("ledger-memory", known, "", $"Redis uses {used} of the 100 bytes it may (maxmemory).")]
                : [],
            Found);
    }

    [Fact]
    public void Memory_without_a_bound_is_a_warning()
    {
        _health.Durability = Redis(used: 1, most: 0);

        Assert.Equal([("ledger-memory", AlertSeverity.Warning, "", "Redis has no bound on its memory (maxmemory).")], Found);
    }

    [Fact]
    public void Every_master_of_a_cluster_has_its_own()
    {
        _health.Durability = NodeDurability.Together([Node("one", 1), Node("two", 95), Node("three", 80)]);

        Assert.Equal(
            [
                ("ledger-memory", AlertSeverity.Critical, "two", "Redis two uses 95 of the 100 bytes it may (maxmemory)."),
                ("ledger-memory", AlertSeverity.Warning, "three", "Redis three uses 80 of the 100 bytes it may (maxmemory)."),
            ],
            Found);

        static NodeDurability Node(string name, long used) => new(name, IsReplica: false, Redis(used, most: 100));
    }

    [Fact]
    public void What_was_known_before_it_went_away_is_told_with_it()
    {
        _health.Durability = Redis(used: 95, most: 100, ("aof_enabled", "0"));
        _health.Failed("write", new TimeoutException("no answer in time"));

        Assert.Equal(["ledger-unavailable", "ledger-not-durable", "ledger-memory"], Found.Select(found => found.Item1));
    }

    private static Durability Redis(long used, long most, params (string Key, string Value)[] changed)
    {
        var info = new Dictionary<string, string>
        {
            ["redis_version"] = "7.4.1",
            ["aof_enabled"] = "1",
            ["maxmemory_policy"] = "noeviction",
            ["maxmemory"] = most.ToString(CultureInfo.InvariantCulture),
            ["used_memory"] = used.ToString(CultureInfo.InvariantCulture),
            ["role"] = "master",
        };
        foreach (var (key, value) in changed) info[key] = value;
        return Durability.Judge(info, "everysec");
    }
}
