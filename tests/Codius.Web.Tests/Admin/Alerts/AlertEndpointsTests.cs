using System.Net;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>Alerts in a running gateway: in its health, by its API, and the test of its webhooks.</summary>
public sealed class AlertEndpointsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_wrong_is_in_health_and_in_the_API()
    {
        await using var gateway = await PayableGateway.StartAsync(services: services => services.AddSingleton<IAlertSource>(new Wrong()));

        await Eventually.TrueAsync<bool>("it is an alert", async () =>
            (await AlertsAsync(gateway, "/admin/api/v1/alerts")).Length > 0 ? true : null);

        foreach (var alert in new[]
        {
            Assert.Single(await AlertsAsync(gateway, "/admin/api/v1/alerts")),
            Assert.Single(await AlertsAsync(gateway, "/admin/health")),
        })
        {
            Assert.Equal(("a-rule", "critical", "It forgets."), (alert.GetProperty("rule").GetString(),
                alert.GetProperty("severity").GetString(), alert.GetProperty("summary").GetString()));
        }
    }

    [Fact]
    public async Task The_test_shows_for_each_webhook_whether_it_took_the_message()
    {
        await using var good = await WebhookServer.StartAsync();
        await using var bad = await WebhookServer.StartAsync();
        bad.Answer = WebhookServer.Status(404);
        await using var gateway = await PayableGateway.StartAsync(settings:
        [
            $"Alerts:Webhooks:0:Url={good.Url}", $"Alerts:Webhooks:0:Secret={Secret}",
            $"Alerts:Webhooks:1:Url={bad.Url}", $"Alerts:Webhooks:1:Secret={Secret}",
        ]);

        var (status, text) = await gateway.PostAsync("/admin/api/v1/alerts:test", "", gateway.Management);

        Assert.Equal(200, status);
        using var results = JsonDocument.Parse(text);
        Assert.Equal([(true, null), (false, "It answered 404.")], results.RootElement.GetProperty("items").EnumerateArray().Select(result =>
            (result.GetProperty("isTaken").GetBoolean(), result.GetProperty("failure").GetString())));
        Assert.DoesNotContain("a-secret-path", text, StringComparison.Ordinal);
        Assert.Contains("\"alert.test\"", Assert.Single(good.Received).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/admin/api/v1/alerts")]
    [InlineData("POST", "/admin/api/v1/alerts:test")]
    public async Task Without_the_admin_token_there_is_nothing(string method, string path)
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var anyone = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.ManagementPort}") };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await anyone.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("ftp://codius.example/", Secret, "Alerts:Webhooks:0:Url")]
    [InlineData("https://user:password@codius.example/", Secret, "Alerts:Webhooks:0:Url")]
    [InlineData("https://codius.example/", "whsec_c2hvcnQ=", "Alerts:Webhooks:0:Secret")]
    public void A_webhook_that_cannot_be_used_is_a_fault_of_the_settings(string url, string secret, string key)
    {
        var faults = Assert.Throws<StartupFaultException>(() => Gateway.Build(
            ["--environment=Development", $"--Alerts:Webhooks:0:Url={url}", $"--Alerts:Webhooks:0:Secret={secret}"])).Faults;

        Assert.StartsWith(key, Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("password", faults[0].Replace("a password", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private sealed class Wrong : IAlertSource
    {
        private static readonly AlertRule Rule = new("a-rule", TimeSpan.Zero, "Remember.");

        public IEnumerable<AlertCondition> Check() => [new AlertCondition(Rule, AlertSeverity.Critical, "", "It forgets.")];
    }

    private static async Task<JsonElement[]> AlertsAsync(PayableGateway gateway, string path)
    {
        var root = JsonDocument.Parse(await gateway.Management.GetStringAsync(path, Stop)).RootElement;
        return [.. (root.TryGetProperty("items", out var items) ? items : root.GetProperty("alerts")).EnumerateArray()];
    }
}
