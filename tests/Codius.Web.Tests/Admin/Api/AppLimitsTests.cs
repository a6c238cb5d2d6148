using System.Text.Json;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Tests.Admin.Dashboard;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>What bounds an app, and the filters of lists by money, by the owner's API.</summary>
public sealed class AppLimitsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_has_its_caps_what_of_them_is_used_and_its_rates()
    {
        await using var gateway = await PayableGateway.StartAsync(settings:
        [
            "Visits:PerClient:PerSecond=7", "Visits:PerClient:Burst=90", "ColdStart:MaxWaitingPerApp=11", "Apps:MaxAwakePerOwner=3",
        ]);
        using var owner = OwnersClient.Of(gateway);
        gateway.Apps.Host("capped", maxSpendPerHour: 500, visits: new(RequestsPerSecond: 3));
        gateway.Deploy("free");
        await gateway.PayAsync("capped", 1_000);
        var ledger = gateway.Services.GetRequiredService<IBalanceLedger>();
        var account = AccountId.OfApp("capped");
        await ledger.LeaseAsync(new LeaseRequest(account, "lease", 1, 0, 20, 20, CapPerHour: 500), Stop);
        await ledger.LeaseAsync(new LeaseRequest(account, "lease", 2, 8, 0, 0, CapPerHour: 500), Stop);

        var capped = await LimitsAsync(owner, "capped");
        Assert.Equal(("500", "8", 3, 90, 11), (Units(capped, "ownersMaxSpendPerHour"), Units(capped, "spentOfCap"),
            capped.GetProperty("requestsPerSecond").GetInt32(), capped.GetProperty("requestBurst").GetInt32(),
            capped.GetProperty("waitingVisits").GetInt32()));
        var free = await LimitsAsync(owner, "free");
        foreach (var none in new[] { "ownersMaxSpendPerHour", "hostsMaxSpendPerHour", "spentOfCap", "cpu", "memory", "storage", "quota" })
            Assert.Equal(JsonValueKind.Null, free.GetProperty(none).ValueKind);
        Assert.Equal((7, 1), (free.GetProperty("requestsPerSecond").GetInt32(), free.GetProperty("pods").GetInt32()));
        // The same in the list.
        var listed = (await owner.GetAsync("/apps?search=capped")).Json.GetProperty("items")[0];
        Assert.True(JsonElement.DeepEquals(capped, listed.GetProperty("limits")));
    }

    [Fact]
    public async Task An_app_has_the_quota_of_all_apps_and_its_page_shows_what_is_nearly_full()
    {
        await using var gateway = await PayableGateway.StartAsync(services: services => services.AddSingleton<IHostQuota>(new Quota()));
        using var owner = OwnersClient.Of(gateway);
        gateway.Deploy("one");

        var quota = (await LimitsAsync(owner, "one")).GetProperty("quota");

        Assert.Equal(
            [("pods", "9", "10", 90), ("requests.cpu", "1", "8", 12)],
            quota.EnumerateArray().Select(use => (
                use.GetProperty("resource").GetString(), use.GetProperty("used").GetString(), use.GetProperty("hard").GetString(),
                use.GetProperty("percent").GetInt32())));
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var page = (await browser.GetAsync("/admin/apps/one")).Text;
        Assert.Contains("pods: 9 of 10, nearly full", page, StringComparison.Ordinal);
        Assert.Contains("requests.cpu: 1 of 8<", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apps_are_filtered_by_their_balance_and_by_whether_they_have_a_cap()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        gateway.Apps.Host("a-poor", maxSpendPerHour: 500);
        foreach (var name in new[] { "b-rich", "c-none" }) gateway.Deploy(name);
        await gateway.PayAsync("a-poor", 99);
        await gateway.PayAsync("b-rich", 100);

        Assert.Equal("a-poor c-none", await NamesAsync(owner, "balanceBelow=100"));
        Assert.Equal("c-none a-poor", await NamesAsync(owner, "balanceBelow=100&order=balance"));
        Assert.Equal("a-poor", await NamesAsync(owner, "balanceBelow=100&capped=true"));
        Assert.Equal("b-rich c-none", await NamesAsync(owner, "capped=false"));
        Assert.Equal("", await NamesAsync(owner, "balanceBelow=0"));
        var first = (await owner.GetAsync("/apps?balanceBelow=100&size=1")).Json;
        Assert.Equal("c-none", await NamesAsync(owner, $"balanceBelow=100&size=1&cursor={first.GetProperty("next").GetString()}"));
    }

    [Fact]
    public async Task Deploy_tokens_are_filtered_by_balance_and_by_the_app_they_own_over_pages()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var tokens = Enumerable.Range(0, 4).Select(i => AccountId.OfDeployToken($"token {i}"))
            .OrderBy(id => $"{id}", StringComparer.Ordinal).ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            gateway.Apps.Host($"app-{i}", owner: tokens[i]);
            await gateway.PayAsync($"{tokens[i]}", (ulong)(i + 1) * 100);
        }

        Assert.Equal([tokens[0], tokens[1]], await TokensAsync(owner, "balanceBelow=300"));
        Assert.Equal([tokens[2], tokens[3]], await TokensAsync(owner, "balanceAtLeast=300"));
        Assert.Equal([tokens[1]], await TokensAsync(owner, "balanceAtLeast=200&balanceBelow=300"));
        Assert.Equal([tokens[2]], await TokensAsync(owner, "app=app-2"));
        Assert.Empty(await TokensAsync(owner, "app=app-2&balanceBelow=300"));
        Assert.Equal(400, (await owner.GetAsync("/deploy-tokens?owning=nothing&app=app-2")).Status);
    }

    private sealed class Quota : IHostQuota
    {
        public ValueTask<IReadOnlyList<QuotaUse>?> ReadAsync() =>
            ValueTask.FromResult<IReadOnlyList<QuotaUse>?>([new("pods", "9", "10", 90), new("requests.cpu", "1", "8", 12)]);
    }

    private static async Task<IReadOnlyList<AccountId>> TokensAsync(OwnersClient owner, string query)
    {
        var (found, cursor) = (new List<AccountId>(), "");
        while (true)
        {
            var page = (await owner.GetAsync($"/deploy-tokens?size=1&{query}{cursor}")).Json;
            found.AddRange(page.GetProperty("items").EnumerateArray()
                .Select(token => AccountId.OfApp(token.GetProperty("account").GetString()!)));
            if (page.GetProperty("next").GetString() is not { } next) return found;
            cursor = "&cursor=" + next;
        }
    }

    private static async Task<string> NamesAsync(OwnersClient owner, string query) => string.Join(' ',
        (await owner.GetAsync("/apps?" + query)).Json.GetProperty("items").EnumerateArray()
            .Select(app => app.GetProperty("name").GetString()));

    private static async Task<JsonElement> LimitsAsync(OwnersClient owner, string app) =>
        (await owner.GetAsync("/apps/" + app)).Json.GetProperty("limits");

    private static string? Units(JsonElement limits, string name) => limits.GetProperty(name).GetProperty("units").GetString();
}
