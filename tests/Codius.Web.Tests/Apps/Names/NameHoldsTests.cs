using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Names;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Tests.Apps.Names;

/// <summary>A deleted name stays its owner's for a while; its remaining balance never goes to the next owner.</summary>
public sealed class NameHoldsTests : IAsyncLifetime
{
    private static readonly AccountId Owner = AccountId.OfDeployToken("a token");

    private readonly RedisServer _server = new();
    private RedisStore _redis = null!;
    private LedgerStore _ledger = null!;
    private NameHolds _names = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Stop);
        _ledger = LedgerStore.OnRedis(_server);
        _redis = RedisStore.Open(Options.Create(new RedisOptions { ConnectionString = _server.ConnectionString }), () =>
            throw new InvalidOperationException("not needed"));
        _names = new NameHolds(_redis, _ledger.Ledger, Options.Create(new AppOptions()));
    }

    public async ValueTask DisposeAsync()
    {
        _redis.Dispose();
        _ledger.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_name_nobody_deleted_is_anybodys() => Assert.Null(await _names.OwnerAsync("free", Stop));

    [Fact]
    public async Task A_deleted_name_is_its_owners_for_ninety_days_and_its_money_stays()
    {
        var account = new AccountUnderTest(_ledger);
        await account.PayAsync(100);
        await _names.HoldAsync(account.Id.ToString(), Owner, Stop);
        await PassAsync(account.Id.ToString(), TimeSpan.FromDays(90) - TimeSpan.FromMinutes(1));

        Assert.Equal(Owner, await _names.OwnerAsync(account.Id.ToString(), Stop));
        Assert.Equal(100UL, (await account.BalanceAsync())!.Value.Funds);
    }

    [Fact]
    public async Task Keeping_it_again_does_not_prolong_it()
    {
        await _names.HoldAsync("twice", Owner, Stop);
        await PassAsync("twice", TimeSpan.FromDays(89));
        await _names.HoldAsync("twice", Owner, Stop);
        await PassAsync("twice", TimeSpan.FromDays(2));

        Assert.Null(await _names.OwnerAsync("twice", Stop));
    }

    [Fact]
    public async Task After_that_the_rest_is_booked_as_spent_and_the_name_is_free()
    {
        var account = new AccountUnderTest(_ledger);
        await account.PayAsync(100);
        await _names.HoldAsync(account.Id.ToString(), Owner, Stop);
        await PassAsync(account.Id.ToString(), TimeSpan.FromDays(90));

        Assert.Null(await _names.OwnerAsync(account.Id.ToString(), Stop));
        Assert.Equal(new Balance(100, 0, 100, 0), await account.BalanceAsync());
        // The next owner's payments are the next owner's.
        await account.PayAsync(7);
        Assert.Null(await _names.OwnerAsync(account.Id.ToString(), Stop));
        Assert.Equal(7UL, (await account.BalanceAsync())!.Value.Available);
    }

    [Fact]
    public async Task A_hold_is_judged_by_the_stores_clock_and_two_gateways_that_hold_it_at_once_hold_it_for_one_owner()
    {
        var others = Enumerable.Range(0, 20).Select(i => AccountId.OfDeployToken($"token {i}")).ToArray();
        await Task.WhenAll(others.Select(owner => _names.HoldAsync("raced", owner, Stop).AsTask()));

        var text = ((string)(await _ledger.Database.StringGetAsync("codius:{raced}:kept"))!).Split(' ');
        Assert.Equal(text[0], (await _names.OwnerAsync("raced", Stop)).ToString());
        var ends = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text[1]));
        Assert.InRange((await new AccountUnderTest(_ledger).StoreTimeAsync()).AddDays(90) - ends, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task An_owner_who_deploys_again_has_the_name_back()
    {
        await _names.HoldAsync("back", Owner, Stop);
        await _names.ReleaseAsync("back", Stop);

        Assert.Null(await _names.OwnerAsync("back", Stop));
    }

    /// <summary>Sets a hold back in time: the clock is the store's.</summary>
    private async Task PassAsync(string name, TimeSpan time)
    {
        RedisKey key = $"codius:{{{name}}}:kept";
        var hold = ((string)(await _ledger.Database.StringGetAsync(key))!).Split(' ');
        await _ledger.Database.StringSetAsync(key, $"{hold[0]} {long.Parse(hold[1]) - (long)time.TotalMilliseconds}");
    }
}
