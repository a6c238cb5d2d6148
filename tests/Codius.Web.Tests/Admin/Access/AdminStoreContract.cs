using Codius.Web.Admin.Access;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Access;

/// <summary>What the owner's API keeps in the store, on every kind of store; each test has the keys to itself.</summary>
public abstract class AdminStoreContract(StoreFixture fixture) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    private readonly FakeTimeProvider _time = new(Now);

    private AuditLog Log => new(fixture.Store.Store);

    public async ValueTask InitializeAsync() => await fixture.Store.Database.KeyDeleteAsync([AdminKeys.Tokens, AdminKeys.Audit]);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_token_is_found_by_its_hash_alone_and_no_more_once_it_was_revoked()
    {
        var tokens = Gateway();
        var (token, record) = (await tokens.MakeAsync("ops", [AdminScope.Read], Now.AddDays(1), "settings"))!.Value;

        Assert.Equal(("ops", "settings", Now), (record.Name, record.MadeBy, record.MadeAt));
        Assert.DoesNotContain(token, (string?)await fixture.Store.Database.HashGetAsync(AdminKeys.Tokens, "ops"), StringComparison.Ordinal);
        Assert.Equal([AdminScope.Read], (await tokens.FindAsync(AdminToken.Hash(token)))!.Scopes);
        Assert.Null(await tokens.FindAsync(AdminToken.Hash(token + "0")));
        Assert.True(await tokens.RevokeAsync("ops"));
        Assert.False(await tokens.RevokeAsync("ops"));
        Assert.Null(await tokens.FindAsync(AdminToken.Hash(token)));
    }

    [Fact]
    public async Task Another_gateway_knows_a_new_token_at_once_and_a_revoked_one_for_two_seconds_at_most()
    {
        var (one, other) = (Gateway(), Gateway());
        await other.ListAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        var (token, _) = (await one.MakeAsync("ops", [AdminScope.Read], Now.AddDays(1), "settings"))!.Value;
        var hash = AdminToken.Hash(token);

        Assert.NotNull(await other.FindAsync(hash));
        await one.RevokeAsync("ops");
        Assert.Null(await one.FindAsync(hash));
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Null(await other.FindAsync(hash));
    }

    [Fact]
    public async Task A_name_is_one_tokens_and_there_is_an_end_to_how_many_there_are()
    {
        var tokens = Gateway();
        for (var i = 0; i < AdminTokens.Most; i++)
            Assert.NotNull(await tokens.MakeAsync($"ops-{i}", [AdminScope.Read], Now.AddDays(1), "settings"));

        Assert.Null(await tokens.MakeAsync("one-more", [AdminScope.Read], Now.AddDays(1), "settings"));
        await tokens.RevokeAsync("ops-1");
        Assert.Null(await tokens.MakeAsync("ops-0", [AdminScope.Read], Now.AddDays(1), "settings"));
        Assert.NotNull(await tokens.MakeAsync("one-more", [AdminScope.Read], Now.AddDays(1), "settings"));
        Assert.Equal(AdminTokens.Most, (await tokens.ListAsync()).Count);
    }

    [Fact]
    public async Task Changes_are_read_newest_first_by_pages_that_neither_repeat_nor_leave_out_one()
    {
        foreach (var i in Enumerable.Range(0, 7)) await Log.WriteAsync(Entry(i, i % 2 == 0 ? "app.block" : "app.wake"));

        var (seen, cursor) = (new List<string>(), default(string));
        do
        {
            var page = (await Log.ReadAsync(new AuditQuery(cursor, 3)))!;
            seen.AddRange(page.Entries.Select(entry => entry.Subject));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(["app-6", "app-5", "app-4", "app-3", "app-2", "app-1", "app-0"], seen);
        var wakes = (await Log.ReadAsync(new AuditQuery(null, 2, Action: "app.wake")))!;
        Assert.Equal(["app-5", "app-3"], wakes.Entries.Select(entry => entry.Subject));
        var last = (await Log.ReadAsync(new AuditQuery(wakes.Next, 2, Action: "app.wake")))!;
        Assert.Equal(["app-1"], last.Entries.Select(entry => entry.Subject));
        Assert.Null(await Log.ReadAsync(new AuditQuery("[+ or -", 2)));
    }

    [Fact]
    public async Task A_change_has_one_entry_which_says_begun_until_its_outcome_is_known()
    {
        var begun = Entry(1, "app.block") with { Outcome = AuditEntry.Begun };
        await Log.WriteAsync(begun);
        Assert.Equal(AuditEntry.Begun, Assert.Single((await Log.ReadAsync(new AuditQuery(null, 10)))!.Entries).Outcome);

        await Log.EndAsync(begun, "done");

        Assert.Equal(begun with { Outcome = "done" }, Assert.Single((await Log.ReadAsync(new AuditQuery(null, 10)))!.Entries));
    }

    [Fact]
    public async Task The_log_keeps_the_newest_and_no_text_of_any_length()
    {
        var old = Enumerable.Range(0, AuditLog.Most + 5).Select(i =>
            new StackExchange.Redis.SortedSetEntry($"{i:D14}-000000000000 {{}}", 0)).ToArray();
        await fixture.Store.Database.SortedSetAddAsync(AdminKeys.Audit, old);
        var newest = Entry(1, "app.block") with { Reason = new string('r', 5_000), Detail = new string('d', 5_000) };

        await Log.WriteAsync(newest);

        Assert.Equal(AuditLog.Most, await fixture.Store.Database.SortedSetLengthAsync(AdminKeys.Audit));
        var kept = (await Log.ReadAsync(new AuditQuery(null, 1)))!.Entries[0];
        Assert.Equal((newest.Id, 500, 500), (kept.Id, kept.Reason!.Length, kept.Detail!.Length));
        await Log.EndAsync(newest, "done");
        Assert.Equal(AuditLog.Most, await fixture.Store.Database.SortedSetLengthAsync(AdminKeys.Audit));
    }

    [Fact]
    public async Task An_idempotency_key_is_for_one_request_of_one_admin_and_knows_that_it_was_done()
    {
        var keys = new IdempotencyKeys(fixture.Store.Store, TimeProvider.System);
        var (one, other) = (new AdminIdentity("one", AdminScopes.All, null), new AdminIdentity("other", AdminScopes.All, null));
        var key = Guid.NewGuid().ToString();

        Assert.Equal(KeyUse.Open, await keys.UseAsync(one, key, "refund 5"));
        Assert.Equal(KeyUse.Begun, await keys.UseAsync(one, key, "refund 5"));
        Assert.InRange(await keys.BegunAtAsync(one, key), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
        Assert.Equal(KeyUse.OtherRequest, await keys.UseAsync(one, key, "refund 6"));
        await keys.FinishAsync(one, key, "refund 5");
        Assert.Equal(KeyUse.Finished, await keys.UseAsync(one, key, "refund 5"));
        Assert.Equal(KeyUse.OtherRequest, await keys.UseAsync(one, key, "refund 6"));
        Assert.Equal(KeyUse.Open, await keys.UseAsync(other, key, "refund 6"));
        Assert.NotNull(await fixture.Store.Database.KeyTimeToLiveAsync(AdminKeys.Idempotency("one", key)));
    }

    private static AuditEntry Entry(int i, string action) =>
        new(Now.AddSeconds(i), "ops", "192.0.2.1", action, $"app-{i}", "a reason", "done", "5 units");

    private AdminTokens Gateway() => new(fixture.Store.Store, _time);
}

/// <summary>On Redis.</summary>
public sealed class RedisAdminStoreTests(RedisFixture fixture) : AdminStoreContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On the embedded Garnet.</summary>
public sealed class GarnetAdminStoreTests(GarnetFixture fixture) : AdminStoreContract(fixture), IClassFixture<GarnetFixture>;
