using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Admin.Access;
using Codius.Web.Balances;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Access;

/// <summary>Admin tokens and the audit log with a store that refuses a command for a while.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    private readonly FakeTimeProvider _time = new(Now);
    private readonly RedisServer _redis = new();
    private LedgerStore _store = null!;
    private AdminTokens _tokens = null!;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(TestContext.Current.CancellationToken);
        _store = LedgerStore.OnRedis(_redis);
        _tokens = new AdminTokens(_store.Store, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _tokens.Dispose();
        _store.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_token_that_was_made_or_revoked_is_so_also_if_the_store_does_not_answer_after_it()
    {
        await _tokens.ListAsync();
        await SetAsync("-hgetall");
        var (token, _) = (await _tokens.MakeAsync("ops", [AdminScope.Read], Now.AddDays(1), "settings"))!.Value;
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await _tokens.FindAsync(AdminToken.Hash(token)));
        await SetAsync("+hgetall");
        Assert.NotNull(await _tokens.FindAsync(AdminToken.Hash(token)));

        await SetAsync("-hgetall");
        Assert.True(await _tokens.RevokeAsync("ops"));
        await SetAsync("+hgetall");
        Assert.Null(await _tokens.FindAsync(AdminToken.Hash(token)));
    }

    [Fact]
    public async Task Of_many_look_ups_at_once_one_reads_for_all()
    {
        await _store.Database.ExecuteAsync("CONFIG", "RESETSTAT");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i => Assert.Null(await _tokens.FindAsync(AdminToken.Hash($"guess {i}")))));

        var stats = (string)(await _store.Database.ExecuteAsync("INFO", "commandstats"))!;
        Assert.Contains("cmdstat_hgetall:calls=1,", stats, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_not_known_in_the_audit_log_and_each_is_in_the_gateways_own_log()
    {
        using var lines = new CapturedLog();
        using var logs = new LoggerFactory([lines]);
        var log = new AuditLog(_store.Store);
        var changes = new AuditedChanges(
            log, new Supervisor(_time, NullLogger<Supervisor>.Instance), _time, logs.CreateLogger<AuditedChanges>());

        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await changes.MakeAsync<int>(
            new AdminIdentity("ops", [], null), "token.make", "new", "why\nnot", null,
            () => throw new LedgerUnavailableException("lost"), _ => "done"));

        var entry = Assert.Single((await log.ReadAsync(new AuditQuery(null, 10)))!.Entries);
        Assert.StartsWith("not known", entry.Outcome, StringComparison.Ordinal);
        Assert.Contains(lines.Lines, line => line.Contains("\"outcome\":\"begun\"", StringComparison.Ordinal));
        Assert.Contains(lines.Lines, line => line.Contains("\"outcome\":\"not known", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Lines, line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_goes_on_without_the_store_until_its_token_ends_and_not_once_that_was_revoked()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var authentication = AuthenticationOf(services);
        async Task<(byte[] Hash, AdminIdentity Admin)> Begin(string name)
        {
            var (token, _) = (await _tokens.MakeAsync(name, [AdminScope.Read], Now.AddHours(1), "settings"))!.Value;
            return (AdminToken.Hash(token), (await authentication.OfTokenAsync(token, null)).Admin!);
        }
        var (one, two) = (await Begin("one"), await Begin("two"));

        await _tokens.RevokeAsync("one");
        Assert.False(await authentication.StillHoldsAsync(one.Hash, one.Admin));
        Assert.True(await authentication.StillHoldsAsync(two.Hash, two.Admin));
        await SetAsync("-hgetall");
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await authentication.StillHoldsAsync(two.Hash, two.Admin));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await authentication.StillHoldsAsync(two.Hash, two.Admin));
    }

    [Fact]
    public async Task Without_the_store_a_token_that_was_known_reads_for_an_hour_or_until_its_end_and_no_other_does()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var authentication = AuthenticationOf(services);
        async Task<string> Made(string name, AdminScope[] scopes, double hours) =>
            (await _tokens.MakeAsync(name, scopes, Now.AddHours(hours), "settings"))!.Value.Token;
        var scrapes = await Made("scrapes", AdminScopes.All.ToArray(), 24);
        var ends = await Made("ends", [AdminScope.Read], 0.5);
        var steers = await Made("steers", [AdminScope.Operate], 24);
        var revoked = await Made("revoked", [AdminScope.Read], 24);
        await _tokens.RevokeAsync("revoked");
        await SetAsync("-hgetall");
        _time.Advance(TimeSpan.FromMinutes(29));
        async Task<string> Entry(string token, bool reads) => (await authentication.OfTokenAsync(token, null, reads)) switch
        {
            { Admin: { } admin } => string.Join(' ', admin.Scopes),
            { Refusal: var refusal } => $"{refusal!.Status}",
        };

        Assert.Equal("Read", await Entry(scrapes, reads: true));
        Assert.Equal("Read", await Entry(ends, reads: true));
        Assert.Equal("503", await Entry(scrapes, reads: false));
        foreach (var none in new[] { steers, revoked, scrapes[..^1] + "x" }) Assert.Equal("503", await Entry(none, reads: true));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("503", await Entry(ends, reads: true));
        _time.Advance(AdminAuthentication.Remembered - TimeSpan.FromMinutes(30));
        Assert.Equal("Read", await Entry(scrapes, reads: true));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("503", await Entry(scrapes, reads: true));
        await SetAsync("+hgetall");
        Assert.Equal(string.Join(' ', AdminScopes.All), await Entry(scrapes, reads: true));
    }

    [Fact]
    public async Task A_token_that_may_have_been_revoked_reads_no_more_from_memory()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var authentication = AuthenticationOf(services);
        var (token, _) = (await _tokens.MakeAsync("ops", [AdminScope.Read], Now.AddDays(1), "settings"))!.Value;
        await SetAsync("-hgetall");
        await SetAsync("-hdel");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull((await authentication.OfTokenAsync(token, null, reads: true)).Admin);

        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await _tokens.RevokeAsync("ops"));

        Assert.Equal(503, (await authentication.OfTokenAsync(token, null, reads: true)).Refusal!.Status);
    }

    private AdminAuthentication AuthenticationOf(IServiceProvider services) => new(
        new AdminToken(Options.Create(new AdminOptions { Token = "0123456789abcdef-the-admin" }), services), _tokens,
        new GuessLockout(_time, new LiveGateways(), NullLogger<GuessLockout>.Instance), _time);

    private async Task SetAsync(string rule) =>
        Assert.Equal("OK", (string?)await _store.Database.ExecuteAsync("ACL", "SETUSER", "default", rule));
}
