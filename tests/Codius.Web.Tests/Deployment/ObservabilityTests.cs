using System.Text.Json;
using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Tests.Payments;
using Codius.Web.Visits;
using Interledger.Net.Packets;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Deployment;

/// <summary>The rules and the dashboard of <c>deploy/observability</c>, held against a gateway that a real Prometheus scrapes.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string Folder = Path.Combine(Kustomized.Folder, "observability");

    /// <summary>Of gateways in a cluster alone, which is not started here; and of alerts, of which there are none.</summary>
    private static readonly string[] NotHere = ["codius_cluster_up", "codius_alerts"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_rule_loads_and_every_series_that_rules_and_dashboard_name_exists()
    {
        Assert.SkipWhen(PrometheusServer.Missing is not null, PrometheusServer.Missing ?? "");
        using var authority = new TestAuthority(GatewayUnderTest.Domain);
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var app = await CountedApp.StartAsync();
        await using var gateway = await PayableGateway.StartAsync(redis, authority: authority);
        await UseAsync(gateway, app);
        var rules = await PrometheusRules.ReadAsync();
        await using var prometheus = new PrometheusServer();
        Assert.Equal("", await prometheus.FaultsOfAsync(rules));

        await prometheus.StartAsync($"127.0.0.1:{gateway.ManagementPort}", PayableGateway.AdminToken, rules);

        var names = NamesIn(rules + string.Join('\n', await ExpressionsOfDashboardAsync())).Except(NotHere).ToList();
        Assert.True(names.Count > 20);
        foreach (var name in names)
        {
            await Eventually.TrueAsync<bool>($"there is a series {name}", async () =>
                await prometheus.CountAsync(name) > 0 ? true : null, TimeSpan.FromMinutes(2));
        }
        await Eventually.TrueAsync<bool>("every rule was evaluated", async () =>
            await prometheus.GetAsync("rules") is { } data && RulesOf(data).All(rule => rule.Health == "ok") ? true : null);
        var written = rules.Split(["- alert:", "- record:"], StringSplitOptions.None).Length - 1;
        Assert.Equal(written, RulesOf((await prometheus.GetAsync("rules"))!.Value).Count());
        foreach (var expression in await ExpressionsOfDashboardAsync())
        {
            using var answer = JsonDocument.Parse((await prometheus.GetAsync(
                "query?query=" + Uri.EscapeDataString(expression)))?.GetRawText() ?? $"\"refused: {expression}\"");
            Assert.Equal(JsonValueKind.Object, answer.RootElement.ValueKind);
        }
    }

    [Fact]
    public async Task A_series_that_is_not_scraped_here_is_listed_all_the_same()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"), Stop);

        Assert.All(NotHere, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_component_can_be_added_to_an_overlay_and_names_the_port_and_the_token_that_there_are()
    {
        var objects = await Kustomized.ReadAsync("production", "../observability");

        var service = objects.OfType<V1Service>().Single(found => found.Metadata.Name == "codius-web-management");
        var gateway = objects.OfType<V1Deployment>().Single(found => found.Metadata.Name == "codius-web").Spec.Template;
        Assert.All(service.Spec.Selector, label => Assert.Equal(label.Value, gateway.Metadata.Labels[label.Key]));
        Assert.Contains(gateway.Spec.Containers[0].Ports, port => port.Name == service.Spec.Ports.Single().TargetPort.Value);
        var monitor = await File.ReadAllTextAsync(Path.Combine(Folder, "service-monitor.yaml"), Stop);
        // Not the admin token, which may do everything: a Secret of its own, which no gateway has, and which the docs make.
        Assert.DoesNotContain("Admin__Token", monitor, StringComparison.Ordinal);
        var (secret, key) = (
            Value().Match(monitor, monitor.IndexOf("name: codius-web-prometheus", StringComparison.Ordinal)).Groups[1].Value,
            Value().Match(monitor, monitor.IndexOf("key: ", StringComparison.Ordinal)).Groups[1].Value);
        Assert.DoesNotContain(gateway.Spec.Containers[0].EnvFrom, source => source.SecretRef?.Name == secret);
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"), Stop);
        Assert.Contains($"create secret generic {secret} --from-literal={key}=", docs, StringComparison.Ordinal);
    }

    private static async Task UseAsync(PayableGateway gateway, CountedApp app)
    {
        var name = gateway.NewApp();
        gateway.Serve(name, app.Address);
        var payer = new PacketMaker(await gateway.SetUpAsync(name));
        using var connector = gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(10_000_000)));
        using var visit = await gateway.Http.GetAsync(new Uri(gateway.UrlOf(name)), Stop);
        Assert.Equal(200, (int)visit.StatusCode);
        // A receipt that is none.
        await gateway.PostAsync($"/balances/{name}:creditReceipt", "x");
        using var unpaid = await gateway.Http.GetAsync(new Uri(gateway.UrlOf(gateway.NewApp())), Stop);
        Assert.Equal(402, (int)unpaid.StatusCode);
        // The apps are fakes, which count neither, and for which no visit waits.
        var apps = gateway.Services.GetRequiredService<AppMetrics>();
        apps.Woken();
        apps.Failed();
        VisitMetrics.Waited(TimeSpan.Zero);
        await gateway.Services.GetRequiredService<Codius.Web.Payments.LastPayment>().ExchangeAsync();
    }

    private static async Task<IReadOnlyList<string>> ExpressionsOfDashboardAsync()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "dashboard.json"), Stop));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray().ToArray() : [])
                .Select(target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "1m", StringComparison.Ordinal)),
        ];
    }

    private static IEnumerable<(string Name, string Health)> RulesOf(JsonElement data) => data.GetProperty("groups").EnumerateArray()
        .SelectMany(group => group.GetProperty("rules").EnumerateArray())
        .Select(rule => (rule.GetProperty("name").GetString()!, rule.GetProperty("health").GetString()!));

    private static IEnumerable<string> NamesIn(string text) =>
        SeriesName().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\b(codius|kestrel|dotnet|db_client|http_client|http_server)_[a-z_]*[a-z]\b")]
    private static partial Regex SeriesName();

    [GeneratedRegex(@"\w+: (\S+)")]
    private static partial Regex Value();
}
