using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Alerts.Developers;
using Codius.Web.Balances;
using Codius.Web.Tests.Deploying;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Alerts.Developers;

/// <summary>A developer's alert, from the deploy that asks for it to the message at the developer's server.</summary>
public sealed class DeveloperAlertJourneyTests
{
    private const string Name = "watched";
    private const string Server = "alerts.example";

    private const string Manifest = """
        {"spec":{"containers":[{"name":"web","image":"one:1"}]},"annotations":{
         "codius.org/alert-webhook":"https://alerts.example/hook?of=mine","codius.org/alert-balance-below":"1000"}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_developer_asked_for_with_a_deploy_arrives_signed_with_the_key_that_only_the_owner_reads()
    {
        using var authority = new TestAuthority(Server);
        await using var server = await WebhookServer.StartAsync(authority);
        var clock = new QuickRounds();
        // The name leads to the test's server; all else is as in Production.
        using var http = new HttpClient(GatewayUnderTest.Handler(server.Url.Port, authority));
        await using var host = await DeployHost.StartWithAsync(
            services => services.AddSingleton<TimeProvider>(clock).AddKeyedSingleton(
                DeveloperAlertDelivery.Audience, new WebhookClient(insecure: false, WebhookClient.Timeout, clock, http)),
            "one:1");
        var token = await host.TokenAsync();

        Assert.Equal(HttpStatusCode.Created, await host.PutAsync(Name, token, Manifest));
        await Eventually.TrueAsync("it began", () => server.Received.Count == 1);

        using var shown = await host.SendAsync(HttpMethod.Get, Name, token);
        var key = JsonDocument.Parse(await shown.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("status")
            .GetProperty("alertWebhookSecret").GetString()!;
        Assert.Equal(("alert.began", "balance-below", Name), Read(server.Received.First(), key));

        await host.PayAsync(AccountId.OfApp(Name), 5_000);
        await Eventually.TrueAsync("it ended", () =>
        {
            clock.Ahead += TimeSpan.FromSeconds(5);
            return server.Received.Count == 2;
        });
        Assert.Equal(("alert.ended", "balance-below", Name), Read(server.Received.Last(), key));
    }

    // What a library of Standard Webhooks does with a message.
    private static (string? Type, string? Rule, string? Subject) Read(WebhookServer.Message message, string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{message.Id}.{message.Timestamp}.{message.Body}"));
        Assert.Contains("v1," + Convert.ToBase64String(mac), message.Signature.Split(' '));
        var body = JsonDocument.Parse(message.Body).RootElement;
        var alert = body.GetProperty("data").GetProperty("alert");
        return (body.GetProperty("type").GetString(), alert.GetProperty("rule").GetString(), alert.GetProperty("subject").GetString());
    }

    /// <summary>Checks alerts more often than twice a minute, with a time of day that the test moves ahead.</summary>
    private sealed class QuickRounds : TimeProvider
    {
        private long _ahead;

        public TimeSpan Ahead
        {
            get => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
            set => Interlocked.Exchange(ref _ahead, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            period == DeveloperAlertWatch.Interval
                ? base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100))
                : base.CreateTimer(callback, state, dueTime, period);
    }
}
