using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>Gateways outside the cluster, on a real Redis of their own; apps run in the cluster.</summary>
internal sealed class ClusterGateway : IAsyncDisposable
{
    public const string AlicesToken = "the-deploy-token-of-alice";
    public static readonly AccountId Alice = AccountId.OfDeployToken(AlicesToken);

    private static readonly string Secret = Convert.ToBase64String(Enumerable.Range(1, 32).Select(number => (byte)number).ToArray());

    private readonly RedisServer _redis = new();
    private readonly List<GatewayUnderTest> _gateways = [];

    /// <summary>The log of the gateways' own code and their HTTP clients, and of all else from Information on.</summary>
    public CapturedLog Log { get; } = new();

    public GatewayUnderTest First => _gateways[0];

    public GatewayUnderTest Second => _gateways[1];

    public static async Task<ClusterGateway> StartAsync(int gateways = 1, params string[] settings)
    {
        var made = new ClusterGateway();
        await made._redis.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < gateways; i++) await made.AddAsync(settings);
        return made;
    }

    public async Task<GatewayUnderTest> AddAsync(params string[] settings)
    {
        string[] all =
        [
            "Apps:Engine=Kubernetes", $"Kubernetes:Kubeconfig={TestCluster.Kubeconfig}",
            "Kubernetes:RequirePolicy=false", "Kubernetes:LeaseDuration=00:00:06",
            // Pods are slow on a busy machine; a .NET app needs more than the default limits.
            "Kubernetes:Resources:CpuRequest=10m", "Kubernetes:Resources:CpuLimit=2", "ColdStart:Timeout=00:03:00",
            $"Redis:ConnectionString={_redis.ConnectionString}", $"Host:Secret={Secret}",
            "Gateway:WebhookPort=0", "Webhooks:Enabled=false", "Gateway:DrainDelay=00:00:00",
            "Prices:PerRequest=0.00001", "Prices:PerDeploy=0.01", "Prices:PerRunningHour=0.0001", "Sandbox:Enabled=false",
            "Visits:PerClient:PerSecond=10000", "Visits:PerClient:Burst=10000", .. settings,
        ];
        var gateway = await GatewayUnderTest.StartAsync(all, services =>
            services.AddLogging(logging => logging.AddProvider(Log).AddFilter<CapturedLog>(IsKept)));
        _gateways.Add(gateway);
        return gateway;
    }

    /// <summary>The leading gateway, once there is one.</summary>
    public async Task<GatewayUnderTest> LeaderAsync()
    {
        await Eventually.TrueAsync("a gateway leads", () => _gateways.Any(Leads));
        return _gateways.First(Leads);
    }

    public async Task StopAsync(GatewayUnderTest gateway)
    {
        _gateways.Remove(gateway);
        await gateway.DisposeAsync();
    }

    /// <summary>An app of samples/Hello; a different version is a different hash.</summary>
    public static StoredApp Hello(string name, string version = "1", IReadOnlyList<string>? command = null) =>
        OfImage(name, TestCluster.Image, version, command);

    public static StoredApp OfImage(string name, string image, string version = "1", IReadOnlyList<string>? command = null)
    {
        var spec = new AppSpec
        {
            Containers =
            [
                new ContainerSpec
                {
                    Name = "app", Image = image, Command = command, Env = [new EnvironmentVariable { Name = "VERSION", Value = version }]
                },
            ],
        };
        return new StoredApp(name, ManifestHash.OfSpec(spec), spec, null, Alice, new Dictionary<string, string>());
    }

    /// <summary>The same with a secret in its environment.</summary>
    public static StoredApp WithSecret(StoredApp app, string text)
    {
        var container = app.Spec.Containers[0];
        var spec = app.Spec with
        {
            Containers =
                [container with { Env = [.. container.Env ?? [],
                    new EnvironmentVariable { Name = "KEY", ValueFrom = new EnvironmentSource(new SecretKeyRef("key")) }] }],
        };
        var filled = ManifestHash.FillIn(
            new AppManifest(spec, new Dictionary<string, string> { ["key"] = text, ["nonce"] = "0123456789" }));
        return app with { Spec = filled.Spec, SecretData = filled.SecretData, Hash = ManifestHash.OfSpec(filled.Spec) };
    }

    /// <summary>Stores an app as a deploy does, without paying for the deploy, and pays its account.</summary>
    public async Task<HostedApp> DeployAsync(StoredApp app, ulong units = 100_000_000_000)
    {
        var put = await First.Services.GetRequiredService<IAppStore>().PutAsync(app, TestContext.Current.CancellationToken);
        if (put.Outcome is not (PutOutcome.Created or PutOutcome.Replaced or PutOutcome.Unchanged))
            throw new InvalidOperationException($"The app was not put: {put.Outcome} {string.Join("; ", put.Faults ?? [])}");
        if (units > 0) await First.PayAsync(app.Name, units, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("every gateway has the app", () => _gateways.All(gateway => Find(gateway, app) is not null));
        return Find(First, app)!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways) await gateway.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private static HostedApp? Find(GatewayUnderTest gateway, StoredApp app) =>
        gateway.Services.GetRequiredService<IAppCatalog>().Current.TryFind(app.Name, out var found)
            && found.Hash == app.Hash ? found : null;

    private static bool IsKept(string? category, LogLevel level) =>
        level >= LogLevel.Information || category?.StartsWith("Codius", StringComparison.Ordinal) == true
            || category?.StartsWith("System.Net.Http", StringComparison.Ordinal) == true;

    private static bool Leads(GatewayUnderTest gateway) => gateway.Services.GetRequiredService<Leadership>().IsLeader;
}
