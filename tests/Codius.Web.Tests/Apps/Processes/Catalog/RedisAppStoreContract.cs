using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Balances;
using Codius.Web.Tests.Balances;
using StackExchange.Redis;
using static Codius.Web.Tests.Apps.Processes.Catalog.AppsOfGateway;

namespace Codius.Web.Tests.Apps.Processes.Catalog;

/// <summary>What the store of apps promises, on every store the ledger may have.</summary>
public abstract class RedisAppStoreContract(StoreFixture fixture)
{
    private readonly string _name = "a" + Guid.NewGuid().ToString("N")[..12];
    private readonly RedisAppStore _store = StoreOn(fixture.Store);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LedgerStore Ledger => fixture.Store;

    [Fact]
    public async Task An_app_comes_back_as_it_was_put_and_only_its_secrets_hide_in_text()
    {
        var put = App(_name, Alice) with
        {
            SecretData = new Dictionary<string, string> { ["KEY"] = "value" },
            Annotations = new Dictionary<string, string> { [AppAnnotations.MaxSpendPerHour] = "0.5" },
        };

        Assert.Equal(PutOutcome.Created, (await _store.PutAsync(put, Cancellation)).Outcome);

        var found = await _store.FindAsync(_name, Cancellation);
        Assert.NotNull(found);
        Assert.Equal((put.Hash, put.Owner, "value", "0.5", "hello", 80), (
            found.Hash, found.Owner, found.SecretData!["KEY"], found.Annotations[AppAnnotations.MaxSpendPerHour],
                found.Spec.Containers[0].Image, found.Spec.Port));
        Assert.NotEqual(default, found.CreatedAt);
        Assert.DoesNotContain("value", found.ToString(), StringComparison.Ordinal);
        Assert.Null(await _store.FindAsync(_name + "x", Cancellation));
    }

    [Fact]
    public async Task A_name_belongs_to_who_put_it_first()
    {
        await _store.PutAsync(App(_name, Alice), Cancellation);
        var createdAt = (await _store.FindAsync(_name, Cancellation))!.CreatedAt;

        Assert.Equal(PutOutcome.OtherOwner, (await _store.PutAsync(App(_name, Bob), Cancellation)).Outcome);
        Assert.Equal(PutOutcome.OtherOwner, (await _store.PutAsync(App(_name, null), Cancellation)).Outcome);
        Assert.Equal(PutOutcome.Unchanged, (await _store.PutAsync(App(_name, Alice), Cancellation)).Outcome);
        Assert.Equal(PutOutcome.Replaced, (await _store.PutAsync(App(_name, Alice, port: 81), Cancellation)).Outcome);
        Assert.Equal(DeleteOutcome.OtherOwner, await _store.DeleteAsync(_name, Bob, Cancellation));

        var found = await _store.FindAsync(_name, Cancellation);
        Assert.Equal((81, createdAt), (found!.Spec.Port, found.CreatedAt));
    }

    [Fact]
    public async Task Of_many_who_want_a_name_at_once_one_gets_it()
    {
        var owners = Enumerable.Range(0, 20).Select(i => AccountId.OfDeployToken($"{_name} {i}")).ToArray();

        var outcomes = await Task.WhenAll(owners.Select(async owner => (await _store.PutAsync(App(_name, owner), Cancellation)).Outcome));

        Assert.Equal(1, outcomes.Count(outcome => outcome == PutOutcome.Created));
        Assert.Equal(19, outcomes.Count(outcome => outcome == PutOutcome.OtherOwner));
        var winner = owners[Array.IndexOf(outcomes, PutOutcome.Created)];
        Assert.Equal(winner, (await _store.FindAsync(_name, Cancellation))!.Owner);
        Assert.True(await _store.OwnsAnyAsync(winner, Cancellation));
        Assert.False(await _store.OwnsAnyAsync(owners.First(owner => owner != winner), Cancellation));
    }

    [Fact]
    public async Task A_deleted_name_is_kept_for_its_owner()
    {
        var owner = AccountId.OfDeployToken(_name);
        await _store.PutAsync(App(_name, owner), Cancellation);

        Assert.Equal(DeleteOutcome.Deleted, await _store.DeleteAsync(_name, owner, Cancellation));
        Assert.Equal(DeleteOutcome.NoSuchApp, await _store.DeleteAsync(_name, owner, Cancellation));

        Assert.Null(await _store.FindAsync(_name, Cancellation));
        Assert.False(await _store.OwnsAnyAsync(owner, Cancellation));
        Assert.Equal(PutOutcome.OtherOwner, (await _store.PutAsync(App(_name, Bob), Cancellation)).Outcome);
        Assert.Equal(PutOutcome.Created, (await _store.PutAsync(App(_name, owner), Cancellation)).Outcome);
    }

    [Fact]
    public async Task Nothing_that_is_uploaded_becomes_a_command_of_this_machine()
    {
        var spec = new AppSpec
        {
            Containers =
            [
                new ContainerSpec
                {
                    Name = "evil", Image = "/bin/sh", Command = ["/bin/sh"], Args = ["-c", "id"], WorkingDir = "/",
                    Env = [new EnvironmentVariable { Name = "LD_PRELOAD", Value = "/tmp/evil.so" }],
                },
            ],
        };

        var result = await _store.PutAsync(App(_name, Alice) with { Spec = spec }, Cancellation);
        var two = await _store.PutAsync(
            App(_name, Alice) with { Spec = spec with { Containers = [spec.Containers[0], spec.Containers[0]] } }, Cancellation);

        Assert.Equal(PutOutcome.Refused, result.Outcome);
        Assert.Equal(["image", "command", "args", "workingDir", "env"], result.Faults!.Select(fault => fault.Path.Split('.')[^1]));
        Assert.Equal("spec.containers", Assert.Single(two.Faults!).Path);
        Assert.Null(await _store.FindAsync(_name, Cancellation));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_hides_no_app_from_those_who_know_its_hash()
    {
        var app = App(_name, Alice, port: 1 + (int)((uint)_name.GetHashCode(StringComparison.Ordinal) % 65535));
        await _store.PutAsync(app, Cancellation);
        var broken = Enumerable.Range(0, 10).Select(i => (RedisValue)$"{_name}-{i}").ToArray();
        foreach (var name in broken) await Ledger.Database.HashSetAsync(AppKeys.Index, name, "null");
        var apps = new AppsOfGateway(fixture.Store);
        await apps.Catalog.CatchUpAsync([]);
        try
        {
            Assert.Equal(app.Hash, (await apps.Store.FindAsync(app.Hash, Cancellation))?.Hash);
            Assert.Null(await apps.Store.FindAsync(new string('a', ManifestHash.Length), Cancellation));
        }
        finally
        {
            await Ledger.Database.HashDeleteAsync(AppKeys.Index, broken);
        }
    }

    [Fact]
    public async Task What_is_stored_reads_the_same_forever()
    {
        await _store.PutAsync(
            App(_name, Alice) with { Annotations = new Dictionary<string, string> { [AppAnnotations.MaxSpendPerHour] = "1" } },
            Cancellation);

        Assert.Equal(
            $$"""{"hash":"{{App(_name, Alice).Hash}}","image":"hello","owner":"{{Alice}}","maxSpendPerHour":"1"}""",
            (string?)await Ledger.Database.HashGetAsync("codius-apps:{all}:index", _name));
        Assert.StartsWith(
            $$$"""{"hash":"{{{App(_name, Alice).Hash}}}","spec":{"containers":[{"name":"app","image":"hello"}],"port":80},"owner":"{{{Alice}}}","annotations":{"codius.org/max-spend-per-hour":"1"},"createdAt":""",
            (string?)await Ledger.Database.HashGetAsync("codius-apps:{all}:manifests", _name), StringComparison.Ordinal);
        Assert.True(await Ledger.Database.SetContainsAsync($"codius-apps:{{all}}:owned-by:{Alice}", _name));
        Assert.True((long)await Ledger.Database.StringGetAsync("codius-apps:{all}:version") > 0);
    }
}

public sealed class RedisAppStoreOnRedisTests(RedisFixture fixture) : RedisAppStoreContract(fixture), IClassFixture<RedisFixture>;

public sealed class RedisAppStoreOnGarnetTests(GarnetFixture fixture) : RedisAppStoreContract(fixture), IClassFixture<GarnetFixture>;
