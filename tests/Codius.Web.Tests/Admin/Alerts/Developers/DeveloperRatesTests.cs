using System.Text.Json;
using Codius.Testing;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Alerts.Developers;
using Codius.Web.Apps;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Alerts.Developers;

/// <summary>How often the webhooks of developers are called, and how many messages wait for one.</summary>
public sealed class DeveloperRatesTests(GarnetFixture fixture) : IClassFixture<GarnetFixture>, IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private WebhookServer _server = null!;
    private DeveloperBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await WebhookServer.StartAsync();
        _bench = new DeveloperBench(fixture.Store, _time);
        await _bench.StartDeliveryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_apps_of_one_owner_call_a_host_forty_times_at_once_and_leave_room_for_others()
    {
        await CallAsync("first", DeveloperAlertDelivery.PerOwner.Burst);
        Send(Host("one-more", "first"));
        Send(Host("others", "second"));

        await Eventually.TrueAsync("another owner's app calls it", () => Subjects().Contains("others"));
        Assert.DoesNotContain("one-more", Subjects());
    }

    [Fact]
    public async Task A_host_is_called_a_hundred_times_at_once_whoever_names_it()
    {
        var (ofHost, ofOwner) = (DeveloperAlertDelivery.PerHost.Burst, DeveloperAlertDelivery.PerOwner.Burst);
        for (var called = 0; called < ofHost; called += ofOwner)
            await CallAsync($"owner-{called / ofOwner}", Math.Min(ofHost - called, ofOwner));
        Send(Host("one-more", "another"));
        Send(Host("elsewhere", "another", new UriBuilder(_server.Url) { Host = "elsewhere.localhost" }.Uri));

        await Eventually.TrueAsync("another host is called", () => Subjects().Contains("elsewhere"));
        Assert.DoesNotContain("one-more", Subjects());
    }

    [Fact]
    public async Task Of_too_many_messages_for_one_app_the_newest_come()
    {
        var mayAnswer = new TaskCompletionSource();
        _server.Answer = _ => mayAnswer.Task;
        var app = Host("busy", "an owner");
        Send(app, "0");
        await Eventually.TrueAsync("the first is on its way", () => _server.Received.Count == 1);
        const int More = DeveloperAlertDelivery.MostWaiting + 4;
        for (var i = 1; i <= More; i++) Send(app, $"{i}");
        mayAnswer.SetResult();

        await Eventually.TrueAsync("the newest has come", () => Subjects().Contains($"{More}"));
        Assert.Equal(["0", .. Enumerable.Range(5, DeveloperAlertDelivery.MostWaiting).Select(i => $"{i}")], Subjects().Distinct());
    }

    /// <summary>Each app of an owner calls as often as one may.</summary>
    private async Task CallAsync(string owner, int times)
    {
        var before = _server.Received.Count;
        for (var call = 0; call < times; call++)
        {
            Send(Host($"{owner}-{call / DeveloperAlertDelivery.PerApp.Burst}", owner));
            await Eventually.TrueAsync($"call {call} of {owner} has come", () => _server.Received.Count == before + call + 1);
        }
    }

    private HostedApp Host(string name, string owner, Uri? webhook = null) =>
        _bench.Host(name, new AppAlertSettings(webhook ?? _server.Url, BalanceBelow: 1_000), owner);

    private void Send(HostedApp app, string? subject = null)
    {
        var alert = new Alert("test", "test", AlertSeverity.Warning, subject ?? app.Name, "A test.", "Nothing.", _time.GetUtcNow());
        _bench.Delivery.Send(app, AlertMessage.Began(alert, "", _time.GetUtcNow()));
    }

    private List<string> Subjects() => [.. _server.Received.Select(message => JsonDocument.Parse(message.Body).RootElement
        .GetProperty("data").GetProperty("alert").GetProperty("subject").GetString()!)];
}
