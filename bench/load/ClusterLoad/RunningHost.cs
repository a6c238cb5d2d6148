using Codius.Web;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using k8s;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ClusterLoad;

/// <summary>A whole gateway in this process, on a real cluster and a real Redis, that puts apps to sleep after a second.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    public const string Namespace = "codius-apps";

    private const string Domain = "codius.test";
    private const string Image = "docker.io/codius/hello:test";

    // The fastest app to start, so that the wake itself is measured; it ends on SIGTERM.
    private static readonly string[] Command = ["sh", "-c", "trap 'exit 0' TERM; busybox httpd -f -p 80 -h / & wait"];

    private readonly WebApplication _gateway;
    private readonly string _folder;

    private RunningHost(WebApplication gateway, string folder)
    {
        (_gateway, _folder) = (gateway, folder);
        var address = gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Visitor = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Visitor { get; }

    public IKubernetes Cluster => _gateway.Services.GetRequiredService<IKubernetes>();

    public IAppCatalog Catalog => _gateway.Services.GetRequiredService<IAppCatalog>();

    public IAppRunner Runner => _gateway.Services.GetRequiredService<IAppRunner>();

    public static async Task<RunningHost> StartAsync(string kubeconfig, string redis)
    {
        var folder = Directory.CreateTempSubdirectory("codius-load-").FullName;
        string[] settings =
        [
            "environment=Development", $"Host:PublicUrl=http://{Domain}", "Gateway:Listen=127.0.0.1", "Gateway:Port=0",
                "Gateway:ManagementPort=0", $"Gateway:DataFolder={folder}",
            "Sandbox:Enabled=false", "Webhooks:Enabled=false", "Apps:Engine=Kubernetes", $"Kubernetes:Kubeconfig={kubeconfig}",
                "Kubernetes:RequirePolicy=false",
            $"Redis:ConnectionString=!{redis}", "Sleeping:IdleAfter=00:00:01", "Kubernetes:Resources:CpuRequest=1m",
        ];
        var gateway = Gateway.Build([.. settings.Select(setting => "--" + setting)]);
        await gateway.StartAsync();
        await Wait.UntilAsync(() => gateway.Services.GetRequiredService<Leadership>().IsLeader);
        return new RunningHost(gateway, folder);
    }

    /// <summary>Deploys an app and pays its account; a different version is a different hash.</summary>
    public async Task<HostedApp> DeployAsync(string name, string version)
    {
        var spec = new AppSpec
        {
            Containers = [new ContainerSpec
            {
                Name = "app", Image = Image, Command = Command, Env = [new EnvironmentVariable { Name = "VERSION", Value = version }]
            }],
        };
        var app = new StoredApp(name, ManifestHash.OfSpec(spec), spec, null,
            AccountId.OfDeployToken("load"), new Dictionary<string, string>());
        var put = await _gateway.Services.GetRequiredService<IAppStore>().PutAsync(app, CancellationToken.None);
        if (put.Outcome is not (PutOutcome.Created or PutOutcome.Replaced or PutOutcome.Unchanged))
            throw new InvalidOperationException($"{name} was not put: {put.Outcome}");
        HostedApp? hosted = null;
        await Wait.UntilAsync(() => Catalog.Current.TryFind(name, out hosted) && hosted.Hash == app.Hash);
        return hosted!;
    }

    public async Task PayAsync(HostedApp app)
    {
        var paid = await _gateway.Services.GetRequiredService<IBalanceLedger>()
            .AdjustAsync(app.Account, 1_000_000_000_000, app.Name, "a measurement", "a measurement", CancellationToken.None);
        if (paid.Outcome != SpendOutcome.Done) throw new InvalidOperationException($"{app.Name} was not paid: {paid.Outcome}");
    }

    /// <summary>A visit of a program, which is held until the app is awake.</summary>
    public async Task VisitAsync(HostedApp app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/etc/passwd");
        request.Headers.Host = $"{app.Name}.{Domain}";
        using var answer = await Visitor.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Visitor.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
