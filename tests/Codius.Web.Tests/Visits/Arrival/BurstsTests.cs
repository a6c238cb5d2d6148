using System.Net;
using Codius.Web.Apps;

namespace Codius.Web.Tests.Visits.Arrival;

/// <summary>One client, many requests, through the whole gateway.</summary>
public sealed class BurstsTests
{
    [Fact]
    public async Task A_page_with_more_assets_than_the_burst_is_answered_whole()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 2_000 * VisitFixture.Price);
        visits.Awake();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_060).Select(_ => StatusAsync(visits)));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1_060 * VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_is_not_charged_and_has_reserved_nothing()
    {
        await using var visits = await VisitFixture.StartAsync(
            settings: ["Visits:PerClient:Burst=1", "Visits:PerClient:PerSecond=1", "Visits:PerClient:MaxWait=00:00:30"]);
        visits.Awake();
        using var client = CancellationTokenSource.CreateLinkedTokenSource(VisitFixture.Cancellation);

        // The last ones would wait for 20 seconds.
        var requests = Enumerable.Range(0, 20).Select(_ => visits.GetAsync(cancellation: client.Token)).ToArray();
        await Task.WhenAny(requests);
        await client.CancelAsync();
        await Task.WhenAny(Task.WhenAll(requests));

        Assert.Equal((ulong)visits.Reached * VisitFixture.Price, await visits.SpentAsync());
        Assert.InRange(visits.Reached, 1, 19);
    }

    [Fact]
    public async Task An_apps_owner_sets_how_fast_one_client_is_answered()
    {
        await using var visits = await VisitFixture.StartAsync(settings: ["Visits:PerClient:MaxWait=0"]);
        visits.Apps.Host("hello", visits: new VisitSettings(RequestsPerSecond: 1, RequestBurst: 3));
        visits.Awake();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => StatusAsync(visits)));

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.InRange(statuses.Count(status => status == HttpStatusCode.OK), 3, 49);
    }

    private static async Task<HttpStatusCode> StatusAsync(VisitFixture visits)
    {
        using var answer = await visits.GetAsync();
        return answer.StatusCode;
    }
}
