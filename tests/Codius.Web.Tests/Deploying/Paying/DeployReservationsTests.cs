using System.Net;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Storage;
using Codius.Web.Deploying.Paying;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.Logging.Abstractions;

namespace Codius.Web.Tests.Deploying.Paying;

public sealed class DeployReservationsOnRedis(DeployOnRedis fixture) : DeployReservationsTests(fixture), IClassFixture<DeployOnRedis>;

public sealed class DeployReservationsOnGarnet(DeployOnGarnet fixture) : DeployReservationsTests(fixture), IClassFixture<DeployOnGarnet>;

/// <summary>A deploy is paid once, whichever replica reserves, commits, repeats, crashes or loses an answer.</summary>
public abstract class DeployReservationsTests(DeployFixture fixture)
{
    private const string Manifest = """{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""";
    private const string Hash = "eucn2szejyvskzlxcyyh6vo6o4ax47axox7qes4f6j6ufwadjmzq";

    private readonly DeployHost _host = fixture.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DeployReservations Reservations => _host.Get<DeployReservations>();

    [Fact]
    public async Task What_is_reserved_is_set_aside_until_it_is_committed()
    {
        var (token, deploy) = await DeployAsync("reserved", deploys: 3);

        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
        Assert.Equal(new Balance(3 * DeployHost.Price, 2 * DeployHost.Price, 0, DeployHost.Price), await _host.BalanceAsync(token));
        await Reservations.CommitAsync(deploy);
        await Reservations.CommitAsync(deploy);
        await Reservations.VoidAsync(deploy);
        Assert.Equal(new Balance(3 * DeployHost.Price, 2 * DeployHost.Price, DeployHost.Price, 0), await _host.BalanceAsync(token));
    }

    [Fact]
    public async Task A_committed_price_is_counted_as_debited_for_deploys()
    {
        using var debited = new RefusalCounter("codius.debited", ("for", "deploys"));
        var (_, deploy) = await DeployAsync("counted", deploys: 1);

        await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop);
        await Reservations.CommitAsync(deploy);

        debited.AssertAtLeast((long)DeployHost.Price);
    }

    [Fact]
    public async Task A_committed_price_is_a_deploys_in_the_books()
    {
        var (_, deploy) = await DeployAsync("booked", deploys: 2);

        await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop);
        await Reservations.CommitAsync(deploy);

        var books = _host.Get<IBooks>();
        var totals = Assert.IsType<BookTotals>(await books.ReadTotalsAsync(deploy.Account, Stop));
        Assert.Equal((DeployHost.Price, DeployHost.Price), (totals.Deploys, totals.Spent));
        var entries = (await books.ReadEntriesAsync(deploy.Account, null, 10, Stop)).Entries;
        Assert.Equal(DeployHost.Price, Assert.Single(entries, entry => entry.Kind == StatementKind.Deploy).Amount);
    }

    [Fact]
    public async Task What_is_voided_is_back()
    {
        var (token, deploy) = await DeployAsync("voided", deploys: 1);

        await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop);
        await Reservations.VoidAsync(deploy);
        await Reservations.CommitAsync(deploy);

        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Available);
        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
    }

    [Fact]
    public async Task Two_replicas_that_reserve_the_same_deploy_set_its_price_aside_once()
    {
        var (token, deploy) = await DeployAsync("shared", deploys: 3);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Reservations.ReserveAsync(deploy, DeployHost.Price, Stop).AsTask()));

        Assert.All(outcomes, outcome => Assert.Equal(ReserveOutcome.Reserved, outcome));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Leased);
    }

    [Fact]
    public async Task A_request_that_another_one_overtakes_and_pays_for_leaves_no_second_price_to_be_paid()
    {
        var (token, deploy) = await DeployAsync("overtaken", deploys: 3);
        var slow = new WatchedLedger(_host.Get<IBalanceLedger>());
        var overtaken = new DeployReservations(slow, new DeployFunds(slow), _host.Get<RedisStore>(), _host.Get<DeployPrice>(),
            _host.Get<StoreTime>(), TimeProvider.System, NullLogger<DeployReservations>.Instance);
        slow.AfterRead = async () =>
        {
            await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop);
            await Reservations.CommitAsync(deploy);
        };

        Assert.Equal(ReserveOutcome.Reserved, await overtaken.ReserveAsync(deploy, DeployHost.Price, Stop));
        // As the catalog's watch does when it sees the app.
        await Reservations.CommitAsync(deploy);

        Assert.Equal(new Balance(3 * DeployHost.Price, 2 * DeployHost.Price, DeployHost.Price, 0), await _host.BalanceAsync(token));
    }

    [Fact]
    public async Task A_reservation_that_has_expired_is_renewed_by_the_next_request_and_paid()
    {
        var (token, deploy) = await DeployAsync("slow", deploys: 3);
        await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop);
        // As if its minute were over.
        var (database, key) = (_host.Get<RedisStore>().Connection.GetDatabase(), BalanceKeys.Account(deploy.Account));
        var lease = ((string?)await database.HashGetAsync(key, "leases"))!.Split(',');
        await database.HashSetAsync(key, "leases", string.Join(',', [.. lease[..4], "1"]));

        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
        await _host.PayAsync(deploy.Account, DeployHost.Price);
        await Reservations.CommitAsync(deploy);

        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task A_deploy_that_comes_again_renews_its_note_as_its_lease()
    {
        var (token, deploy) = await DeployAsync("renewed", deploys: 3);
        var database = _host.Get<RedisStore>().Connection.GetDatabase();
        var key = $"{BalanceKeys.Account(deploy.Account)}:deploys:{deploy.Name}";
        await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop);
        var note = await database.HashGetAsync(key, deploy.Hash);
        await database.KeyExpireAsync(key, TimeSpan.FromSeconds(20));

        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));

        Assert.Equal(note, await database.HashGetAsync(key, deploy.Hash));
        Assert.InRange((await database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromSeconds(21), DeployReservations.Lifetime);
        await Reservations.CommitAsync(deploy);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task Leases_forgotten_until_later_than_now_keep_no_deploy_of_the_account_and_make_no_other_accounts_late()
    {
        var (token, deploy) = await DeployAsync("forgotten", deploys: 3);
        var ahead = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await _host.Get<RedisStore>().Connection.GetDatabase().HashSetAsync(BalanceKeys.Account(deploy.Account), "forgotten", ahead);

        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
        Assert.True(long.Parse(_host.Get<StoreTime>().NewLeaseId().Split('-')[0]) < ahead);
        // Another deploy, after another account has taught the gateway the store's time.
        Assert.Equal(
            ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy with { Name = "forgotten-2" }, DeployHost.Price, Stop));
        await Reservations.CommitAsync(deploy);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task A_note_whose_lease_never_began_in_time_makes_way_for_another()
    {
        var (token, deploy) = await DeployAsync("noted", deploys: 3);
        var database = _host.Get<RedisStore>().Connection.GetDatabase();
        await database.HashSetAsync(
            $"{BalanceKeys.Account(deploy.Account)}:deploys:{deploy.Name}", deploy.Hash, $"1-noted {DeployHost.Price}");

        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
        await Reservations.CommitAsync(deploy);

        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task Of_one_account_so_many_deploys_are_open_at_a_time_and_no_more()
    {
        var (token, deploy) = await DeployAsync("many", deploys: 30);
        var deploys = Enumerable.Range(0, 20).Select(i => deploy with { Name = $"many-{i}" }).ToArray();

        var outcomes = new List<ReserveOutcome>();
        foreach (var one in deploys) outcomes.Add(await Reservations.ReserveAsync(one, DeployHost.Price, Stop));

        Assert.All(outcomes[..DeployReservations.MostOpen], outcome => Assert.Equal(ReserveOutcome.Reserved, outcome));
        Assert.All(outcomes[DeployReservations.MostOpen..], outcome => Assert.Equal(ReserveOutcome.Recalled, outcome));
        Assert.Equal(DeployReservations.MostOpen * DeployHost.Price, (await _host.BalanceAsync(token)).Leased);
        // One that is open may be reserved again, and one that ends makes room.
        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploys[0], DeployHost.Price, Stop));
        await Reservations.CommitAsync(deploys[0]);
        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploys[^1], DeployHost.Price, Stop));
    }

    [Fact]
    public async Task Going_back_to_an_earlier_version_is_a_deploy_of_its_own()
    {
        var (token, one) = await DeployAsync("back-and-forth", deploys: 3);
        var two = one with { Hash = "a" + Hash[1..] };

        foreach (var deploy in (Deploy[])[one, two, one])
        {
            await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop);
            await Reservations.CommitAsync(deploy);
        }

        Assert.Equal(3 * DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task A_deploy_after_a_delete_is_paid_again()
    {
        var token = await _host.TokenAsync(deploys: 2);

        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("again", token, Manifest));
        await _host.SendAsync(HttpMethod.Delete, "again", token);
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("again", token, Manifest));

        Assert.Equal(2 * DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task Money_that_another_deploy_holds_is_not_called_missing()
    {
        var (_, one) = await DeployAsync("first", deploys: 1);

        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(one, DeployHost.Price, Stop));
        Assert.Equal(ReserveOutcome.Recalled, await Reservations.ReserveAsync(one with { Name = "second" }, DeployHost.Price, Stop));
    }

    [Fact]
    public async Task A_deploy_whose_reservation_has_expired_is_reserved_anew_by_any_number_of_requests_and_paid_once()
    {
        var (token, deploy) = await DeployAsync("expired", deploys: 3);
        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
        // Its note lives on: another deploy of the app has renewed what is beside the account.
        var (store, key) = (_host.Get<RedisStore>().Connection.GetDatabase(), BalanceKeys.Account(deploy.Account));
        var lease = ((string)(await store.HashGetAsync(key, "leases"))!).Split(',');
        await store.HashSetAsync(key, "leases", string.Join(',', [.. lease[..^1], "1000"]));
        await _host.Get<IBalanceLedger>().SpendAsync(deploy.Account, 0, Stop);
        Assert.Equal(0UL, (await _host.BalanceAsync(token)).Leased);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Reservations.ReserveAsync(deploy, DeployHost.Price, Stop).AsTask()));

        Assert.All(outcomes, outcome => Assert.Equal(ReserveOutcome.Reserved, outcome));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Leased);
        await Reservations.CommitAsync(deploy);
        Assert.Equal(new Balance(3 * DeployHost.Price, 2 * DeployHost.Price, DeployHost.Price, 0), await _host.BalanceAsync(token));
    }

    [Fact]
    public async Task Only_an_account_that_cannot_pay_is_told_so()
    {
        var (_, deploy) = await DeployAsync("poor", deploys: 0);

        Assert.Equal(ReserveOutcome.NotEnough, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
        await _host.PayAsync(deploy.Account, DeployHost.Price);
        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
    }

    [Fact]
    public async Task Whoever_cannot_pay_leaves_nothing_in_the_store_however_many_deploys_are_tried()
    {
        var (token, deploy) = await DeployAsync("unpaid-0", deploys: 0);
        var store = _host.Get<RedisStore>().Connection.GetDatabase();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.PaymentRequired, await _host.PutAsync($"unpaid-{i}", token, Manifest));
            Assert.False(await store.KeyExistsAsync($"{BalanceKeys.Account(deploy.Account)}:deploys:unpaid-{i}"));
        }
        Assert.False(await store.KeyExistsAsync(BalanceKeys.Account(deploy.Account)));

        // The name of the key is right: a deploy that can be paid has its note there.
        await _host.PayAsync(deploy.Account, DeployHost.Price);
        Assert.Equal(ReserveOutcome.Reserved, await Reservations.ReserveAsync(deploy, DeployHost.Price, Stop));
        Assert.True(await store.KeyExistsAsync($"{BalanceKeys.Account(deploy.Account)}:deploys:unpaid-0"));
    }

    [Fact]
    public async Task A_refusal_by_what_runs_the_apps_gives_the_price_back()
    {
        var token = await _host.TokenAsync();
        _host.Apps.Refuses = new ValidationError("spec.containers[0].image", "is not on this machine");

        Assert.Equal(HttpStatusCode.BadRequest, await _host.PutAsync("refused", token, Manifest));
        _host.Apps.Refuses = null;

        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Available);
    }

    [Fact]
    public async Task A_deploy_whose_answer_was_lost_is_paid_when_the_catalog_shows_it()
    {
        var token = await _host.TokenAsync(deploys: 2);
        _host.Apps.LosesAnswer = true;

        var answer = await _host.PutAsync("lost", token, Manifest);
        _host.Apps.LosesAnswer = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer);
        await Eventually.TrueAsync<bool>("the deploy is paid",
            async () => (await _host.BalanceAsync(token)).Spent == DeployHost.Price ? true : null);
        // The client tries again, as the error asks: that is free.
        Assert.Equal(HttpStatusCode.NoContent, await _host.PutAsync("lost", token, Manifest));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    private async Task<(string Token, Deploy Deploy)> DeployAsync(string name, ulong deploys)
    {
        var token = await _host.TokenAsync(deploys);
        return (token, new Deploy(AccountId.OfDeployToken(token), name, Hash));
    }
}
