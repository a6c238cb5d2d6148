using Codius.Testing;
using Codius.Web.Admin.Alerts;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>Which messages come of alerts, and that each comes once.</summary>
public sealed class AlertMessagesTests : AlertStage
{
    [Fact]
    public async Task Its_beginning_and_its_end_are_sent_once()
    {
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(5 * Minute);
        Assert.Equal(["alert.began"], await AlertBench.TypesAsync(Server, 1));
        await bench.RunAsync(5 * Minute);
        bench.Wrong.Clear();
        await bench.RunAsync(5 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
    }

    [Fact]
    public async Task Two_gateways_that_see_the_same_send_it_once()
    {
        await using var first = new AlertBench(Store, Time, Server.Url);
        await using var second = new AlertBench(Store, Time, Server.Url);
        await first.StartDeliveryAsync();
        await second.StartDeliveryAsync();
        first.Wrong.Add(Wrong);
        second.Wrong.Add(Wrong);
        await RunBothAsync();
        first.Wrong.Clear();
        second.Wrong.Clear();
        await RunBothAsync();

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));

        async Task RunBothAsync()
        {
            for (var round = 0; round < 12; round++)
            {
                await first.RunAsync(TimeSpan.Zero);
                await second.RunAsync(AlertWatch.Interval);
            }
        }
    }

    [Fact]
    public async Task A_gateway_that_starts_anew_does_not_send_again_what_was_sent_and_sends_its_end()
    {
        await using (var before = new AlertBench(Store, Time, Server.Url))
        {
            await before.StartDeliveryAsync();
            before.Wrong.Add(Wrong);
            await before.RunAsync(Minute);
            await AlertBench.TypesAsync(Server, 1);
            await Eventually.TrueAsync<bool>("the mark says so", async () =>
            {
                await before.RunAsync(TimeSpan.Zero);
                return await Store.Database.StringGetAsync(BalanceKeys.Alert("a-rule:a-subject")) == "sent" ? true : null;
            });
        }
        await using var after = new AlertBench(Store, Time, Server.Url);
        await after.StartDeliveryAsync();
        after.Wrong.Add(Wrong);
        await after.RunAsync(2 * Minute);
        Assert.Single(after.Watch.Current);
        after.Wrong.Clear();
        await after.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
    }

    [Fact]
    public async Task While_an_alert_lasts_that_is_not_seen_any_more_its_mark_is_kept_so_that_its_end_is_sent()
    {
        Server.Answer = WebhookServer.Status(503);
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        bench.Wrong.Clear();
        await bench.RunAsync(AlertWatch.Interval);
        await Store.Database.KeyExpireAsync(Mark, Minute);
        await bench.RunAsync(AlertWatch.Interval);

        Assert.True(await Store.Database.KeyTimeToLiveAsync(Mark) > Minute);
    }

    [Fact]
    public async Task What_another_gateway_has_ended_is_not_marked_anew_while_it_lasts_here()
    {
        await using var bench = new AlertBench(Store, Time, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        bench.Wrong.Clear();
        await bench.RunAsync(AlertWatch.Interval);
        await Store.Database.KeyDeleteAsync(Mark);
        await bench.RunAsync(3 * Minute);

        Assert.False(await Store.Database.KeyExistsAsync(Mark));
        Assert.Equal(["alert.began"], await AlertBench.TypesAsync(Server, 1));
    }

    [Fact]
    public async Task A_webhook_that_is_down_gets_the_message_later_with_the_same_id_and_another_is_not_delayed()
    {
        await using var down = await WebhookServer.StartAsync();
        down.Answer = WebhookServer.Status(503);
        await using var bench = new AlertBench(Store, Time, down.Url, Server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        await AlertBench.TypesAsync(Server, 1);
        await Eventually.TrueAsync("the first try has failed", () => !down.Received.IsEmpty);
        down.Answer = WebhookServer.Status(200);
        await Eventually.TrueAsync("it is tried again", () =>
        {
            Time.Advance(TimeSpan.FromMinutes(5));
            return down.Received.Count >= 2;
        });

        Assert.Single(down.Received.Select(message => message.Id).Distinct());
        Assert.Single(down.Received.Select(message => message.Body).Distinct());
        Assert.Single(Server.Received);
    }
}
