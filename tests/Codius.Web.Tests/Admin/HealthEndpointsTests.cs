using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Codius.Testing.Stores;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin;

/// <summary>The health that probes and the host's owner get, to the letter.</summary>
public sealed partial class HealthEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probes_are_answered_in_one_word_and_need_no_token()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var anyone = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.ManagementPort}") };

        foreach (var (path, body) in new[] { ("/health/live", "live\n"), ("/health/ready", "ready\n") })
        {
            using var answer = await anyone.GetAsync(path, Stop);
            Assert.Equal((HttpStatusCode.OK, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)));
            Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            Assert.Null(answer.Headers.CacheControl);
            using var posted = await anyone.PostAsync(path, null, Stop);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        }
        using var refused = await anyone.GetAsync("/admin/health", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_owner_is_told_of_each_part_its_state_since_when_and_why()
    {
        await using var gateway = await PayableGateway.StartAsync();

        using var answer = await gateway.Management.GetAsync("/admin/health", Stop);

        Assert.Equal((HttpStatusCode.OK, "no-store", "application/json; charset=utf-8"),
            (answer.StatusCode, answer.Headers.CacheControl!.ToString(), answer.Content.Headers.ContentType!.ToString()));
        var body = await answer.Content.ReadAsStringAsync(Stop);
        using var health = JsonDocument.Parse(body);
        var parts = health.RootElement.GetProperty("parts");
        Assert.Equal(["state", "stopping", "parts", "alerts"], health.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("good", false),
            (health.RootElement.GetProperty("state").GetString(), health.RootElement.GetProperty("stopping").GetBoolean()));
        Assert.Equal(["apps", "background", "catalog", "ledger", "payments"], parts.EnumerateObject().Select(part => part.Name).Order());
        Assert.Equal("""{"state":"good","since":"...","summary":"Up to date.","lastError":null}""", Timeless(parts.GetProperty("catalog")));
        Assert.Equal("""{"state":"good","since":"...","summary":"All background work goes on.","lastError":null}""",
            Timeless(parts.GetProperty("background")));
        Assert.Equal(
            """{"state":"good","since":"...","summary":"This gateway receives payments itself.","lastError":null,"""
            + "\"details\":{\"mode\":\"Direct\",\"lastPacket\":null,\"lastCredit\":null,\"lastErrorAt\":null}}",
            Timeless(parts.GetProperty("payments")));
        Assert.Equal(["hosted", "awake", "apps"], parts.GetProperty("apps").GetProperty("details").EnumerateObject()
            .Select(field => field.Name));
        Assert.Equal("The ledger answers (embedded (Garnet)).", parts.GetProperty("ledger").GetProperty("summary").GetString());
    }

    [Fact]
    public async Task Work_that_fails_degrades_the_gateway_until_a_round_goes_well()
    {
        await using var gateway = await PayableGateway.StartAsync();
        var work = gateway.Services.GetRequiredService<Supervisor>().Work("work of a test");

        await work.TryAsync(() => throw new FormatException("not foreseen"), Stop);

        Assert.Equal(("degraded", "ready\n"), await StateAsync(gateway, "background"));
        await work.TryAsync(() => Task.CompletedTask, Stop);
        Assert.Equal(("good", "ready\n"), await StateAsync(gateway, "background"));
    }

    [Fact]
    public async Task Without_its_ledger_the_gateway_has_failed_and_stays_ready_to_say_so_to_visitors()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var gateway = await PayableGateway.StartAsync(redis, ["Redis:Timeout=00:00:00.5"]);
        await redis.KillAsync();

        Assert.Equal(("failed", "ready\n"), await StateAsync(gateway, "ledger"));
        using var ready = await gateway.Management.GetAsync("/health/ready", Stop);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("live\n", await gateway.Management.GetStringAsync("/health/live", Stop));
    }

    private static async Task<(string? State, string Ready)> StateAsync(PayableGateway gateway, string part)
    {
        using var health = JsonDocument.Parse(await gateway.Management.GetStringAsync("/admin/health", Stop));
        var state = health.RootElement.GetProperty("parts").GetProperty(part).GetProperty("state").GetString();
        Assert.Equal(state, health.RootElement.GetProperty("state").GetString());
        using var ready = await gateway.Management.GetAsync("/health/ready", Stop);
        return (state, await ready.Content.ReadAsStringAsync(Stop));
    }

    private static string Timeless(JsonElement part) => Since().Replace(part.GetRawText(), "\"since\":\"...\"");

    [GeneratedRegex("\"since\":\"[^\"]+\"")]
    private static partial Regex Since();
}
