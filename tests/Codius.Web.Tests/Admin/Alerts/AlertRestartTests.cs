using Codius.Testing;
using Codius.Web.Admin.Alerts;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>What the host's owner was told holds for the gateway that follows, and what waits for a webhook is delivered by it.</summary>
public sealed class AlertRestartTests : AlertStage
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_over_when_a_gateway_starts_is_sent_as_ended_and_is_sent_when_it_begins_anew(bool crashes)
    {
        await TellAsync(crashes);
        Time.Advance(10 * Minute);
        await using var after = await StartAsync(Server.Url);
        await after.RunAsync(3 * Minute);
        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
        after.Wrong.Add(Wrong);
        await after.RunAsync(2 * Minute);

        Assert.Equal(["alert.began", "alert.ended", "alert.began"], await AlertBench.TypesAsync(Server, 3));
    }

    [Fact]
    public async Task What_lasts_is_the_same_alert_after_a_start_and_what_ended_is_remembered_until_when_it_was_seen()
    {
        var since = Time.GetUtcNow();
        await TellAsync(crashes: false);
        Time.Advance(10 * Minute);
        await using var after = await StartAsync(Server.Url);
        after.Wrong.Add(Wrong);
        await after.RunAsync(AlertWatch.Interval);
        Assert.Equal(since, Assert.Single(after.Watch.Current).Since);
        var until = Time.GetUtcNow();
        after.Wrong.Clear();
        await after.RunAsync(3 * Minute);

        Assert.Equal((since, until), (Assert.Single(after.Watch.Past).Alert.Since, after.Watch.Past[0].Until));
        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
    }

    [Fact]
    public async Task What_a_gateway_told_that_crashed_is_ended_by_one_that_never_saw_it()
    {
        await using var other = await StartAsync(Server.Url);
        await other.RunAsync(TimeSpan.Zero);
        await TellAsync(crashes: true);
        await other.RunAsync(6 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));
        Assert.Equal("a-rule:a-subject", Assert.Single(other.Watch.Past).Alert.Id);
    }

    [Fact]
    public async Task What_another_gateway_sees_has_not_ended()
    {
        await using var first = await StartAsync(Server.Url);
        await using var second = await StartAsync(Server.Url);
        first.Wrong.Add(Wrong);
        second.Wrong.Add(Wrong);
        await RunBothAsync();
        first.Wrong.Clear();
        await RunBothAsync();
        Assert.Equal(["alert.began"], await AlertBench.TypesAsync(Server, 1));
        second.Wrong.Clear();
        await RunBothAsync();

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(Server, 2));

        async Task RunBothAsync()
        {
            for (var round = 0; round < 30; round++)
            {
                await first.RunAsync(TimeSpan.Zero);
                await second.RunAsync(AlertWatch.Interval);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_webhook_did_not_take_is_sent_by_the_gateway_that_follows_with_the_same_id_to_that_one_alone(bool crashes)
    {
        await using var down = await WebhookServer.StartAsync();
        down.Answer = WebhookServer.Status(503);
        await using (var before = await StartAsync(Server.Url, down.Url))
        {
            before.Wrong.Add(Wrong);
            await before.RunAsync(2 * Minute);
            await AlertBench.TypesAsync(Server, 1);
            await Eventually.TrueAsync("it was tried", () => !down.Received.IsEmpty);
            // What was taken by one webhook is stored in the next round.
            await Eventually.TrueAsync<bool>("one webhook is left", async () =>
            {
                await before.RunAsync(TimeSpan.Zero);
                return (await LeftAsync()).Count == 1 ? true : null;
            });
            before.Wrong.Clear();
            await before.RunAsync(3 * Minute);
            await AlertBench.TypesAsync(Server, 2);
            await Eventually.TrueAsync<bool>("and of its end", async () =>
            {
                await before.RunAsync(TimeSpan.Zero);
                return (await LeftAsync()).Count == 2 ? true : null;
            });
            before.Crashes = crashes;
        }
        var id = down.Received.First().Id;
        down.Received.Clear();
        down.Answer = _ => Task.CompletedTask;
        await using var after = await StartAsync(Server.Url, down.Url);
        await after.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(down, 2));
        Assert.Equal(id, down.Received.First().Id);
        Assert.Equal(2, Server.Received.Count);
        await Eventually.TrueAsync<bool>("nothing waits any more", async () =>
        {
            await after.RunAsync(TimeSpan.Zero);
            return (await LeftAsync()).Count == 0 ? true : null;
        });
    }

    [Fact]
    public async Task What_waited_for_longer_than_a_day_or_for_a_webhook_that_is_no_longer_set_is_given_up()
    {
        Server.Answer = WebhookServer.Status(503);
        await using var gone = await WebhookServer.StartAsync();
        gone.Answer = WebhookServer.Status(503);
        await using (var before = await StartAsync(gone.Url, Server.Url))
        {
            before.Wrong.Add(Wrong);
            await before.RunAsync(Minute);
            await Eventually.TrueAsync("both were tried", () => !gone.Received.IsEmpty && !Server.Received.IsEmpty);
        }
        gone.Answer = Server.Answer = _ => Task.CompletedTask;
        gone.Received.Clear();
        Server.Received.Clear();
        await using (var after = await StartAsync(Server.Url))
        {
            after.Wrong.Add(Wrong);
            await after.RunAsync(TimeSpan.Zero);
            await AlertBench.TypesAsync(Server, 1);
            Server.Answer = WebhookServer.Status(503);
            after.Wrong[0] = Wrong with { Subject = "another" };
            await after.RunAsync(2 * Minute);
            await Eventually.TrueAsync("another was tried", () => Server.Received.Count > 1);
        }
        Time.Advance(TimeSpan.FromDays(1));
        Server.Answer = _ => Task.CompletedTask;
        Server.Received.Clear();
        await using var last = await StartAsync(Server.Url);
        last.Wrong.Add(Wrong with { Subject = "another" });
        await last.RunAsync(Minute);
        await last.RunAsync(TimeSpan.Zero);

        Assert.Empty(await LeftAsync());
        Assert.Empty(gone.Received);
    }

    private async Task<AlertBench> StartAsync(params Uri[] webhooks)
    {
        var bench = new AlertBench(Store, Time, webhooks);
        await bench.StartDeliveryAsync();
        return bench;
    }

    /// <summary>A gateway sends that an alert began, and ends.</summary>
    private async Task TellAsync(bool crashes)
    {
        await using var before = await StartAsync(Server.Url);
        before.Wrong.Add(Wrong);
        await before.RunAsync(Minute);
        await AlertBench.TypesAsync(Server, 1);
        await Eventually.TrueAsync<bool>("nothing waits any more", async () =>
        {
            await before.RunAsync(TimeSpan.Zero);
            return (await LeftAsync()).Count == 0 ? true : null;
        });
        before.Crashes = crashes;
    }
}
