using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Deploying.Paying;
using Codius.Web.Deploying.Unpaid;
using Codius.Web.Tests.Deploying.Services;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Deploying.Unpaid;

/// <summary>Apps that nobody pays for, in a whole gateway with its real store of apps.</summary>
public sealed class UnpaidAppsTests(DeployOnProcesses fixture) : IClassFixture<DeployOnProcesses>
{
    private const string Manifest = """{"spec":{"containers":[{"name":"web","image":"one:1"}]}}""";

    private readonly DeployHost _host = fixture.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_owner_of_an_app_that_ended_has_its_name_and_balance_and_others_do_not()
    {
        var (mine, other) = (await _host.TokenAsync(deploys: 2), await _host.TokenAsync());
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("ends", mine, Manifest));
        await _host.PayAsync(AccountId.OfApp("ends"), 7);
        await PassAsync(89);
        Assert.Equal(1, await EndsInDaysAsync("ends"));

        await PassAsync(1, firstDay: 89);

        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Get, "ends", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Delete, "ends", mine)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await _host.PutAsync("ends", other, Manifest));
        // It is a new deploy, and paid as one.
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("ends", mine, Manifest));
        Assert.Equal(2 * DeployHost.Price, (await _host.BalanceAsync(mine)).Spent);
        Assert.Equal(7UL, (await _host.Get<IBalanceLedger>().ReadAsync(AccountId.OfApp("ends"), Stop))!.Value.Available);
        // The host's own app is there as long as the host wants it.
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, "hello", null)).StatusCode);
    }

    [Fact]
    public async Task An_app_that_is_deleted_and_deployed_again_begins_anew()
    {
        var token = await _host.TokenAsync(deploys: 2);
        await _host.PutAsync("anew", token, Manifest);
        await PassAsync(1);
        Assert.Equal(89, await EndsInDaysAsync("anew"));

        await _host.SendAsync(HttpMethod.Delete, "anew", token);
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("anew", token, Manifest));

        await Eventually.TrueAsync<bool>("the days of before are forgotten",
            async () => await EndsInDaysAsync("anew") is null ? true : null);
    }

    [Fact]
    public async Task While_the_ledger_is_away_nothing_is_deleted_and_the_exception_says_so()
    {
        await using var server = new RedisServer();
        await server.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(new RedisOptions { ConnectionString = server.ConnectionString });
        var stage = new UnpaidStage(store);
        var app = await stage.DeployAsync();
        await stage.PassAsync(89);

        stage.Time.Advance(TimeSpan.FromDays(1));
        await stage.EndTurnAsync();
        await server.KillAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => stage.Gateway.LookAsync(Stop).AsTask());
        Assert.True(await stage.ExistsAsync(app));
    }

    /// <summary>So many days pass on the gateway's own parts.</summary>
    private async Task PassAsync(int days, int firstDay = 0)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(firstDay));
        var store = _host.Get<RedisStore>();
        var apps = new UnpaidApps(
            _host.Get<IAppCatalog>(), _host.Get<IAppRunner>(), _host.Get<IAppStore>(), _host.Get<IBalanceLedger>(),
            new UnpaidDays(store, Options.Create(new AppOptions()), time), _host.Get<UnpaidTurn>(), _host.Get<DeployReservations>(),
            _host.Get<Prices>(), NullLogger<UnpaidApps>.Instance);
        for (var i = 0; i < days; i++)
        {
            time.Advance(TimeSpan.FromDays(1));
            await store.Connection.GetDatabase().KeyDeleteAsync(UnpaidTurn.Key);
            Assert.True(await apps.LookAsync(Stop));
        }
    }

    private async Task<int?> EndsInDaysAsync(string name)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, name, null);
        return (int?)(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Stop))!["status"]!["endsInDays"];
    }
}
