using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using static Codius.Web.Tests.Apps.Processes.Catalog.AppsOfGateway;

namespace Codius.Web.Tests.Apps.Processes.Catalog;

/// <summary>How the snapshot of apps follows the store, on every store the ledger may have.</summary>
public abstract class RedisCatalogContract(StoreFixture fixture)
{
    private readonly string _name = "a" + Guid.NewGuid().ToString("N")[..12];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LedgerStore Ledger => fixture.Store;

    [Fact]
    public async Task An_app_is_found_by_name_and_by_hash_each_with_a_balance_of_its_own()
    {
        await using var gateway = new AppsOfGateway(Ledger);
        var app = App(_name, Alice, port: 8001) with
        {
            Annotations = new Dictionary<string, string>
            {
                [AppAnnotations.MaxSpendPerHour] = "0.5",
                [AppAnnotations.Title] = "An app",
            },
        };
        await gateway.Store.PutAsync(app, Cancellation);

        await gateway.Catalog.StartAsync(Cancellation);

        Assert.True(gateway.Catalog.Current.TryFind(_name, out var named));
        var presentation = new AppPresentation("An app", null, null);
        Assert.Equal(new HostedApp(_name, app.Hash, "hello", Alice, 500_000_000) { Presentation = presentation }, named);
        Assert.True(gateway.Catalog.Current.TryFind(app.Hash, out var hashed));
        Assert.Equal(new HostedApp(app.Hash, app.Hash, "hello") { CountsWith = $"{Alice}:hashes" }, hashed);
        Assert.NotEqual(named.Account, hashed.Account);
    }

    [Fact]
    public async Task Where_the_developer_wants_alerts_is_read()
    {
        await using var gateway = new AppsOfGateway(Ledger);
        await gateway.Store.PutAsync(App(_name, Alice) with
        {
            Annotations = new Dictionary<string, string>
            {
                [AppAnnotations.AlertWebhook] = "https://alerts.example/hook",
                [AppAnnotations.AlertBalanceBelow] = "5000",
                [AppAnnotations.AlertHoursLeft] = "12",
            },
        }, Cancellation);

        await gateway.Catalog.StartAsync(Cancellation);

        Assert.True(gateway.Catalog.Current.TryFind(_name, out var app));
        Assert.Equal(new AppAlertSettings(new Uri("https://alerts.example/hook"), 5000, 12), app.Alerts);
    }

    [Fact]
    public async Task What_the_owner_set_about_visits_is_read_and_followed()
    {
        await using var gateway = new AppsOfGateway(Ledger);
        await gateway.Store.PutAsync(App(_name, Alice) with
        {
            Annotations = new Dictionary<string, string>
            {
                [AppAnnotations.RequestsPerSecond] = "7",
                [AppAnnotations.RequestBurst] = "70",
                [AppAnnotations.DoNotWake] = "/cron, MyMonitor",
            },
        }, Cancellation);

        await gateway.Catalog.StartAsync(Cancellation);
        Assert.True(gateway.Catalog.Current.TryFind(_name, out var app));
        Assert.Equal(new VisitSettings(7, 70, "/cron, MyMonitor"), app.Visits);

        await gateway.Store.PutAsync(App(_name, Alice), Cancellation);
        await gateway.UntilAsync(apps => apps.TryFind(_name, out var changed) && changed.Visits == VisitSettings.None);
    }

    [Fact]
    public async Task Gateways_on_one_store_see_each_others_changes()
    {
        await using var one = new AppsOfGateway(Ledger);
        await using var two = new AppsOfGateway(Ledger);
        await one.Catalog.StartAsync(Cancellation);
        await two.Catalog.StartAsync(Cancellation);
        var before = two.Catalog.Current;

        await one.Store.PutAsync(App(_name, Alice), Cancellation);
        await two.UntilAsync(apps => apps.TryFind(_name, out _));
        await two.Store.PutAsync(App(_name, Alice, port: 8002), Cancellation);
        await one.UntilAsync(apps => apps.TryFind(_name, out var app) && app.Hash == App(_name, Alice, port: 8002).Hash);
        await one.Store.DeleteAsync(_name, Alice, Cancellation);
        await two.UntilAsync(apps => !apps.TryFind(_name, out _));

        Assert.False(before.TryFind(_name, out _)); // a snapshot never changes
    }

    [Fact]
    public async Task A_change_whose_message_was_lost_is_seen_a_little_later()
    {
        var time = new FakeTimeProvider();
        await using var gateway = new AppsOfGateway(Ledger, time);
        await gateway.Catalog.StartAsync(Cancellation);
        var database = Ledger.Database;
        var seen = gateway.UntilAsync(apps => apps.TryFind(_name, out _));

        await database.HashSetAsync(AppKeys.Index, _name, IndexEntry.Of(App(_name, Alice)).Write());
        await database.StringIncrementAsync(AppKeys.Version);
        while (!seen.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }

        await seen;
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_takes_nothing_away_and_is_reported_until_it_is_gone()
    {
        var time = new FakeTimeProvider();
        await using var gateway = new AppsOfGateway(Ledger, time);
        await gateway.Store.PutAsync(App(_name, Alice), Cancellation);
        await gateway.Catalog.StartAsync(Cancellation);
        var work = gateway.Supervisor.Records.Single(record => record.Status.Name == "catalog");
        async Task LooksUntilAsync(bool isFailing)
        {
            while (work.Status.IsFailing != isFailing)
            {
                Cancellation.ThrowIfCancellationRequested();
                time.Advance(TimeSpan.FromSeconds(5));
                await Task.Yield();
            }
        }

        await Ledger.Database.HashSetAsync(AppKeys.Index, "broken", "null");
        await Ledger.Database.StringIncrementAsync(AppKeys.Version);
        await LooksUntilAsync(isFailing: true);
        Assert.True(gateway.Catalog.Current.TryFind(_name, out _));

        await Ledger.Database.HashDeleteAsync(AppKeys.Index, "broken");
        await LooksUntilAsync(isFailing: false);
        Assert.True(gateway.Catalog.Current.TryFind(_name, out _));
        Assert.Null(gateway.Catalog.Trouble);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    public async Task An_entry_that_cannot_be_read_is_skipped_and_reported_and_all_others_are_up_to_date(string unreadable)
    {
        await using var gateway = new AppsOfGateway(Ledger);
        await gateway.Store.PutAsync(App(_name, Alice), Cancellation);
        var (broken, later) = (_name + "-broken", _name + "-later");
        await Ledger.Database.HashSetAsync(AppKeys.Index, broken, unreadable);
        try
        {
            await gateway.Catalog.StartAsync(Cancellation);

            Assert.True(gateway.Catalog.Current.TryFind(_name, out _));
            Assert.False(gateway.Catalog.Current.TryFind(broken, out _));
            var work = gateway.Supervisor.Records.Single(record => record.Status.Name == "catalog");
            Assert.True(work.Status.IsFailing);
            Assert.Contains($"'{broken}'", work.Status.LastError, StringComparison.Ordinal);
            var health = await new CatalogHealth(gateway.Catalog, TimeProvider.System)
                .CheckHealthAsync(new HealthCheckContext(), Cancellation);
            Assert.Equal(HealthStatus.Degraded, health.Status);

            // One that was read before stays as it was.
            await Ledger.Database.HashSetAsync(AppKeys.Index, _name, unreadable);
            await Ledger.Database.PublishAsync(AppKeys.Changes, _name);
            await gateway.Store.PutAsync(App(later, Alice), Cancellation);
            await gateway.UntilAsync(apps => apps.TryFind(later, out _));
            Assert.True(gateway.Catalog.Current.TryFind(_name, out _));
        }
        finally
        {
            await Ledger.Database.HashDeleteAsync(AppKeys.Index, [broken, _name, later]);
        }
    }

    [Fact]
    public async Task An_app_whose_name_or_hash_can_be_no_accounts_is_skipped()
    {
        await using var gateway = new AppsOfGateway(Ledger);
        await gateway.Store.PutAsync(App(_name, Alice), Cancellation);
        var badHash = _name + "-hash";
        await Ledger.Database.HashSetAsync(AppKeys.Index, "two.labels", IndexEntry.Of(App(_name, Alice)).Write());
        await Ledger.Database.HashSetAsync(AppKeys.Index, badHash, (IndexEntry.Of(App(_name, Alice)) with { Hash = "no hash" }).Write());
        try
        {
            await gateway.Catalog.StartAsync(Cancellation);

            Assert.True(gateway.Catalog.Current.TryFind(_name, out _));
            Assert.False(gateway.Catalog.Current.TryFind("two.labels", out _));
            Assert.False(gateway.Catalog.Current.TryFind(badHash, out _));
        }
        finally
        {
            await Ledger.Database.HashDeleteAsync(AppKeys.Index, ["two.labels", badHash]);
        }
    }

    [Fact]
    public async Task A_hundred_thousand_apps_are_found_in_one_step()
    {
        await using var gateway = new AppsOfGateway(Ledger);
        var entries = Enumerable.Range(0, 100_000)
            .Select(i => new StackExchange.Redis.HashEntry($"{_name}-{i}", new IndexEntry("hash", "hello", null, null).Write()));
        foreach (var chunk in entries.Chunk(10_000)) await Ledger.Database.HashSetAsync(AppKeys.Index, chunk);
        try
        {
            await gateway.Catalog.StartAsync(Cancellation);

            Assert.InRange(gateway.Catalog.Current.Count, 100_000, 100_100);
            Assert.True(gateway.Catalog.Current.TryFind($"{_name}-99999", out _));
            Assert.False(gateway.Catalog.Current.TryFind($"{_name}-100000", out _));
        }
        finally
        {
            await Ledger.Database.KeyDeleteAsync(AppKeys.Index);
        }
    }
}

public sealed class RedisCatalogOnRedisTests(RedisFixture fixture) : RedisCatalogContract(fixture), IClassFixture<RedisFixture>;

public sealed class RedisCatalogOnGarnetTests(GarnetFixture fixture) : RedisCatalogContract(fixture), IClassFixture<GarnetFixture>;
