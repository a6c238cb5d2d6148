using System.Text.Json.Nodes;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Tests.Deploying.Kubectl;

/// <summary>
/// A name that is deleted with kubectl is its owner's before the app is gone. No catalog watches these apps: it is as if every gateway
/// were killed right after it had admitted the deletion.
/// </summary>
public sealed class DeletedNameTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private DeployHost _host = null!;
    private AdmissionClient _admission = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Stop);
        _host = await DeployHost.StartAsync(_server);
        _admission = new AdmissionClient(_host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_token_gets_neither_the_name_nor_its_balance(bool byAdmin)
    {
        var (mine, other) = (await _host.TokenAsync(deploys: 2), await _host.TokenAsync());
        var there = await CreateAsync("taken", mine);
        await _host.PayAsync(AccountId.OfApp("taken"), 500);

        Assert.True((await _admission.DeleteAsync(byAdmin ? AdmissionClient.Admin : AdmissionClient.Deployer(mine), there)).IsAllowed);

        Assert.Matches($@"^{AccountId.OfDeployToken(mine)} \d{{13}}$", await RecordAsync("taken"));
        Assert.Equal(403, (await _admission.CreateAsync(AdmissionClient.Deployer(other), AdmissionClient.Service("taken"))).Code);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(other)).Available);
        Assert.Equal(500UL, (await _host.Get<IBalanceLedger>().ReadAsync(AccountId.OfApp("taken"), Stop))!.Value.Available);
        Assert.True((await _admission.CreateAsync(AdmissionClient.Deployer(mine), AdmissionClient.Service("taken"))).IsAllowed);
    }

    [Fact]
    public async Task What_the_host_deleted_itself_goes_to_no_token()
    {
        var there = (await _admission.CreateAsync(AdmissionClient.Admin, AdmissionClient.Service("hosts"))).Object!;
        await _host.PayAsync(AccountId.OfApp("hosts"), 500);

        Assert.True((await _admission.DeleteAsync(AdmissionClient.Admin, there)).IsAllowed);

        var other = AdmissionClient.Deployer(await _host.TokenAsync());
        Assert.Equal(403, (await _admission.CreateAsync(other, AdmissionClient.Service("hosts"))).Code);
        // One whose name can be no app's was never one.
        Assert.True((await _admission.DeleteAsync(AdmissionClient.Admin, AdmissionClient.Service("two.labels"))).IsAllowed);
    }

    [Fact]
    public async Task An_app_whose_owner_the_host_can_no_longer_verify_leaves_its_name_to_that_owner()
    {
        var (mine, other) = (await _host.TokenAsync(deploys: 2), await _host.TokenAsync());
        var there = await CreateAsync("orphan", mine);
        await _host.Get<INameHolds>().ExistsAsync("orphan", AccountId.OfDeployToken(mine), Stop);
        // As if the secret that signed it had been dropped.
        there["metadata"]!["annotations"]![AppAnnotations.OwnerSeal] = "of-another-secret";

        Assert.True((await _admission.DeleteAsync(AdmissionClient.Admin, there)).IsAllowed);

        Assert.Matches($@"^{AccountId.OfDeployToken(mine)} \d{{13}}$", await RecordAsync("orphan"));
        Assert.Equal(403, (await _admission.CreateAsync(AdmissionClient.Deployer(other), AdmissionClient.Service("orphan"))).Code);
        Assert.True((await _admission.CreateAsync(AdmissionClient.Deployer(mine), AdmissionClient.Service("orphan"))).IsAllowed);
    }

    [Fact]
    public async Task A_name_that_cannot_be_held_is_not_deleted()
    {
        var mine = await _host.TokenAsync();
        var there = await CreateAsync("stays", mine);
        await _server.KillAsync();

        Assert.Equal(503, (await _admission.DeleteAsync(AdmissionClient.Deployer(mine), there)).Code);
        Assert.Equal(503, (await _admission.DeleteAsync(AdmissionClient.Admin, there)).Code);
        Assert.True((await _admission.DeleteAsync(AdmissionClient.Deployer(mine), there, dryRun: true)).IsAllowed);
    }

    [Fact]
    public async Task A_dry_run_of_a_deletion_starts_no_time()
    {
        var mine = await _host.TokenAsync();
        var there = await CreateAsync("dry", mine);
        await _host.Get<INameHolds>().ExistsAsync("dry", AccountId.OfDeployToken(mine), Stop);

        Assert.True((await _admission.DeleteAsync(AdmissionClient.Deployer(mine), there, dryRun: true)).IsAllowed);

        Assert.Equal($"{AccountId.OfDeployToken(mine)}", await RecordAsync("dry"));
    }

    [Fact]
    public async Task Who_cannot_pay_records_no_name()
    {
        var poor = await _host.TokenAsync(deploys: 0);

        Assert.Equal(402, (await _admission.CreateAsync(AdmissionClient.Deployer(poor), AdmissionClient.Service("wished"))).Code);

        Assert.Null(await RecordAsync("wished"));
    }

    [Fact]
    public async Task Who_creates_a_name_that_exists_cannot_end_its_owners_time_or_take_its_balance()
    {
        var (mine, other) = (await _host.TokenAsync(), await _host.TokenAsync());
        var app = Apps.Processes.Catalog.AppsOfGateway.App("lives", AccountId.OfDeployToken(mine));
        await _host.Apps.PutAsync(app, Stop);
        await _host.PayAsync(AccountId.OfApp("lives"), 500);
        // Left by a deletion that the API server did not complete, long ago.
        await Database.StringSetAsync("codius:{lives}:kept", $"{AccountId.OfDeployToken(mine)} 1");

        Assert.Equal(403, (await _admission.CreateAsync(AdmissionClient.Deployer(other), AdmissionClient.Service("lives"))).Code);

        Assert.Equal(500UL, (await _host.Get<IBalanceLedger>().ReadAsync(AccountId.OfApp("lives"), Stop))!.Value.Available);
    }

    [Fact]
    public async Task Who_creates_an_own_name_again_is_told_so_and_no_money_is_set_aside()
    {
        var mine = await _host.TokenAsync(deploys: 3);
        await _host.Apps.PutAsync(Apps.Processes.Catalog.AppsOfGateway.App("there", AccountId.OfDeployToken(mine)), Stop);

        Assert.Equal(409, (await _admission.CreateAsync(AdmissionClient.Deployer(mine), AdmissionClient.Service("there"))).Code);

        Assert.Equal(3 * DeployHost.Price, (await _host.BalanceAsync(mine)).Available);
    }

    private StackExchange.Redis.IDatabase Database => _host.Get<RedisStore>().Connection.GetDatabase();

    private async Task<string?> RecordAsync(string name) => await Database.StringGetAsync($"codius:{{{name}}}:kept");

    private async Task<JsonObject> CreateAsync(string name, string token)
    {
        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service(name));
        Assert.True(admitted.IsAllowed, admitted.Message);
        return admitted.Object!;
    }
}
