using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Manifests;
using k8s;
using Microsoft.Extensions.Options;

namespace BoundsLoad;

/// <summary>A gateway with many apps: a lookup, the delay of a change, memory, and what it uses while nothing happens.</summary>
internal static class Catalog
{
    private const int Lookups = 1_000_000;
    private const int Changes = 40;

    /// <summary>As a leader wrote it: one that finds it missing writes 100,000 of them first.</summary>
    private const string Status = """
        ,"status":{"availableReplicas":0,"unavailableReplicas":0,"conditions":[
        {"type":"Ready","status":"False","reason":"Asleep","message":"The app sleeps; a visit that is paid for wakes it.",
         "observedGeneration":0,"lastTransitionTime":"2026-01-01T00:00:00Z"},
        {"type":"Funded","status":"False","reason":"OutOfFunds","observedGeneration":0,"lastTransitionTime":"2026-01-01T00:00:00Z",
         "message":"The balance cannot pay a request: visitors get 402 until somebody pays."},
        {"type":"Failed","status":"False","reason":"NotFailed","message":"Nothing keeps the app from starting.",
         "observedGeneration":0,"lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
        """;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("WARM_UP") ?? "150", CultureInfo.InvariantCulture));

    public static async Task MeasureAsync(int apps, bool leads, string[] settings)
    {
        using var cluster = new FakeCluster { OtherLeader = leads ? null : "another gateway" };
        Fill(cluster, apps);
        var before = Usage.Now();
        var start = Stopwatch.GetTimestamp();
        await using var gateway = await cluster.StartGatewayAsync(
            ["Sandbox:Enabled=false", "Logging:LogLevel:Default=Warning", .. settings]);
        var started = Stopwatch.GetElapsedTime(start);
        var catalog = gateway.Services.GetRequiredService<IAppCatalog>();
        var leadership = gateway.Services.GetRequiredService<Leadership>();
        await Waiting.WhenAsync(() => leads ? leadership.IsLeader : leadership.Leader == cluster.OtherLeader);
        if (catalog.Current.Count != 2 * apps) throw new InvalidOperationException($"{catalog.Current.Count} are hosted.");
        // The first round of a new leader, and the compiler, which is busy for some minutes.
        await Usage.IdleAsync(WarmUp);
        var written = cluster.Writes.Count;
        var idle = await Usage.IdleAsync(Idle);
        var writes = cluster.Writes.Count - written;
        var changes = new List<double>();
        for (var change = 1; change <= Changes; change++) changes.Add(await ChangeAsync(cluster, catalog, change % apps, change));
        var lookup = Lookup(catalog, apps);
        var held = Usage.Now();
        changes.Sort();
        if (leadership.IsLeader != leads) throw new InvalidOperationException($"The leader is {leadership.Leader}.");
        Console.WriteLine($"started in {started.TotalSeconds:0.0} s; {writes} writes in {Idle.TotalSeconds} s without a change, " +
            $"{gateway.Services.GetRequiredService<Reconciler>().Failing} failing");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {apps} | {(leads ? "leader" : "follower")} | {lookup:0.0} ns | {changes[Changes / 2]:0.0} ms | " +
            $"{changes[Changes * 95 / 100]:0.0} ms | {held.Since(before, apps)} | {idle * 100:0.00} % |"));
    }

    /// <summary>Each app has a hash of its own: names that share one would share its objects, too.</summary>
    private static void Fill(FakeCluster cluster, int apps)
    {
        var objects = new AppObjects(Options.Create(new KubernetesOptions()));
        var services = FakeCluster.Pods.Replace("pods", "services", StringComparison.Ordinal);
        var made = new (string Resource, string Deployment, string Service)[apps];
        Parallel.For(0, apps, number =>
        {
            var (spec, hash) = SpecOf(number, 0);
            var app = new HashedApp(hash, spec, null, []);
            var (deployment, service) = (objects.Deployment(app), objects.Service(app));
            (deployment.Metadata.Uid, deployment.Metadata.ResourceVersion, deployment.Spec.Replicas) = (hash, "1", 0);
            (service.Metadata.Uid, service.Metadata.ResourceVersion) = (hash, "1");
            made[number] = (FakeCluster.Resource(NameOf(number), hash, spec: JsonOf(number, 0)).TrimEnd()[..^1] + Status,
                KubernetesJson.Serialize(deployment), KubernetesJson.Serialize(service));
        });
        foreach (var (resource, deployment, service) in made)
        {
            cluster.Add(FakeCluster.Apps, resource);
            cluster.Add(FakeCluster.Deployments, deployment);
            cluster.Add(services, service);
        }
    }

    private static async Task<double> ChangeAsync(FakeCluster cluster, IAppCatalog catalog, int number, int version)
    {
        var (_, hash) = SpecOf(number, version);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (catalog.Current.TryFind(NameOf(number), out var app) && app.Hash == hash) seen.TrySetResult();
        }
        catalog.Changed += Look;
        var start = Stopwatch.GetTimestamp();
        await cluster.ReportAsync(FakeCluster.Apps, "MODIFIED",
            FakeCluster.Resource(NameOf(number), hash, $"{version + 1}", JsonOf(number, version)));
        await seen.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var took = Stopwatch.GetElapsedTime(start);
        catalog.Changed -= Look;
        return took.TotalMilliseconds;
    }

    private static double Lookup(IAppCatalog catalog, int names)
    {
        var asked = Enumerable.Range(0, 4096)
            .Select(number => number % 4 == 0 ? $"nobody-{number}" : NameOf((int)(number * 7919L % names))).ToArray();
        var (found, best) = (0, double.MaxValue);
        for (var round = 0; round < 30; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var count = 0; count < Lookups; count++) found += catalog.Current.TryFind(asked[count & 4095], out _) ? 1 : 0;
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Lookups);
        }
        return found > 0 ? best : throw new InvalidOperationException("Nothing was found.");
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"app-number-{number}");

    private static string JsonOf(int number, int version) =>
        $$$"""{"containers":[{"name":"web","image":"nginx","env":[{"name":"VERSION","value":"{{{number}}}-{{{version}}}"}]}],"port":80}""";

    /// <summary>As the catalog reads it.</summary>
    private static (AppSpec Spec, string Hash) SpecOf(int number, int version)
    {
        using var resource = JsonDocument.Parse(FakeCluster.Resource("app", "", spec: JsonOf(number, version)));
        var spec = ManifestHash.FillIn(ResourceReader.ManifestOf(AppResource.Of(resource.RootElement), [])!).Spec;
        return (spec, ManifestHash.OfSpec(spec));
    }
}
