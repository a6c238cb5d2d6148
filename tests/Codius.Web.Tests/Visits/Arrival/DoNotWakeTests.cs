using System.Net;
using Codius.Web.Apps;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Visits.Arrival;

/// <summary>Monitors, probes and link previews find a sleeping app asleep, and leave it so.</summary>
public sealed class DoNotWakeTests
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Theory]
    [InlineData("UptimeRobot/2.0")]
    [InlineData("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)")]
    [InlineData("kube-probe/1.33")]
    [InlineData("GoogleHC/1.0")]
    [InlineData("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)")]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")]
    [InlineData("WhatsApp/2.23.20.0 A")]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)")]
    [InlineData("Twitterbot/1.0")]
    [InlineData("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)")]
    [InlineData("TelegramBot (like TwitterBot)")]
    public async Task A_monitor_or_a_link_preview_wakes_nothing_and_pays_nothing(string agent)
    {
        await using var visits = await VisitFixture.StartAsync();

        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Get })
        {
            using var answer = await SendAsync(visits, method, agent);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 60), (answer.StatusCode, answer.Headers.RetryAfter?.Delta?.TotalSeconds));
        }

        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Fact]
    public async Task To_an_awake_app_a_monitors_request_is_an_ordinary_visit()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Awake();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(visits, HttpMethod.Get, "UptimeRobot/2.0")).StatusCode);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task One_that_finds_its_app_just_gone_to_sleep_does_not_wake_it_either()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Awake();
        visits.Apps.OnStateRead = _ =>
        {
            visits.Apps.OnStateRead = null;
            visits.Apps.Set("hello", AppState.Asleep);
        };

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(visits, HttpMethod.Get, "UptimeRobot/2.0")).StatusCode);
        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Theory]
    [InlineData("", null, true)]
    [InlineData("healthz", null, false)]
    [InlineData("HealthZ", null, false)]
    [InlineData("healthz/a", null, true)]
    [InlineData(".git/config", null, false)]
    [InlineData("cron", "/cron", false)]
    [InlineData("cron/a", "/cron", true)]
    [InlineData("cron/a", "/cron*, /x", false)]
    [InlineData("healthz", "-/HEALTHZ", true)]
    [InlineData("healthz", "-*", true)]
    [InlineData("cron", "-*, /cron", false)]
    public async Task Paths_are_the_hosts_and_those_of_the_apps_owner(string path, string? owners, bool wakes)
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.Host("hello", visits: new VisitSettings(DoNotWake: owners));
        visits.Apps.OnWake = _ => visits.Address;

        await SendAsync(visits, HttpMethod.Get, Browser, path);

        Assert.Equal(wakes ? 1 : 0, visits.Apps.WakesOf("hello"));
    }

    [Theory]
    [InlineData("MyMonitor/1", null, false)]
    [InlineData("an old mymonitor", null, false)]
    [InlineData("Twitterbot/1.0", null, true)]
    [InlineData("UptimeRobot/2.0", "-uptimerobot", true)]
    [InlineData("Hearts/1", "hearts/", false)]
    public async Task Agents_are_the_hosts_as_set_and_those_of_the_apps_owner(string agent, string? owners, bool wakes)
    {
        await using var visits = await VisitFixture.StartAsync(
            settings: ["Visits:DoNotWake:Agents:0=MyMonitor", "Visits:DoNotWake:Agents:1=-Twitterbot"]);
        visits.Apps.Host("hello", visits: new VisitSettings(DoNotWake: owners));
        visits.Apps.OnWake = _ => visits.Address;

        await SendAsync(visits, HttpMethod.Get, agent);

        Assert.Equal(wakes ? 1 : 0, visits.Apps.WakesOf("hello"));
    }

    [Fact]
    public void An_entry_that_would_match_all_or_nothing_is_a_fault_that_says_so()
    {
        var faults = Assert.Throws<StartupFaultException>(() => Gateway.Build(
        [
            "--environment=Development", "--Visits:DoNotWake:Agents:0=ab", "--Visits:DoNotWake:Agents:1=/healthz",
            "--Visits:DoNotWake:Paths:0=cron", "--Visits:DoNotWake:Paths:1=/" + new string('a', 100),
        ])).Faults;

        Assert.Equal(
        [
            "Visits:DoNotWake:Paths: 'cron' is no path: it does not begin with /.",
            "Visits:DoNotWake:Paths: '/aaaaaaaaaaaaaaaaaaa...' is longer than 100 characters.",
            "Visits:DoNotWake:Agents: 'ab' is neither a path, which begins with /, nor at least 3 characters of a User-Agent.",
            "Visits:DoNotWake:Agents: '/healthz' is a path; it belongs to Paths.",
        ], faults.Where(fault => fault.StartsWith("Visits:DoNotWake", StringComparison.Ordinal)));
    }

    private static Task<HttpResponseMessage> SendAsync(VisitFixture visits, HttpMethod method, string agent, string path = "")
    {
        var request = VisitFixture.Request(method, path);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        return visits.SendAsync(request);
    }
}
