using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Tests.Payments;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>The owner asks one of two gateways, and sees what both have on hand.</summary>
public sealed class AllGatewaysTests
{
    private const string App = "slow";

    [Fact]
    public async Task What_waits_what_is_leased_and_the_last_visit_are_those_of_all_gateways()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var app = await CountedApp.StartAsync();
        await using var asked = await PayableGateway.StartAsync(redis);
        asked.Deploy(App);
        using var owner = OwnersClient.Of(asked);
        await using (var visited = await PayableGateway.StartAsync(redis))
        {
            visited.Deploy(App);
            await visited.PayAsync(App, 1_000_000_000);

            var visit = visited.Http.GetAsync(new Uri(visited.UrlOf(App)), TestContext.Current.CancellationToken);
            await Eventually.TrueAsync<bool>("it is seen to wait", async () =>
                (await SummaryAsync(owner)).GetProperty("waitingVisits").GetInt32() == 1 ? true : null);
            Assert.Equal(1, (await AppAsync(owner)).GetProperty("waitingVisits").GetInt32());
            Assert.NotEqual("0", (await SummaryAsync(owner)).GetProperty("leasesOut").GetProperty("units").GetString());

            visited.Apps.Set(App, new AppState.Awake(app.Address));
            using var answer = await visit;
            Assert.Equal(200, (int)answer.StatusCode);
            await Eventually.TrueAsync<bool>("it waits no more", async () =>
                (await AppAsync(owner)).GetProperty("waitingVisits").GetInt32() == 0 ? true : null);
        }
        // It stopped, and wrote when it was visited last.
        Assert.NotEqual(JsonValueKind.Null, (await AppAsync(owner)).GetProperty("lastVisit").ValueKind);
    }

    private static async Task<JsonElement> SummaryAsync(OwnersClient owner) => (await owner.GetAsync("/summary")).Json;

    private static async Task<JsonElement> AppAsync(OwnersClient owner) => (await owner.GetAsync($"/apps/{App}")).Json;
}
