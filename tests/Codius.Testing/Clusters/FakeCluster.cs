using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Testing.Clusters;

/// <summary>
/// A fake API server behind the real client: it lists what the test added, reports the changes the test makes, keeps leases and records
/// every other write. For what must hold even where no API server can be started.
/// </summary>
internal sealed class FakeCluster : DelegatingHandler
{
    public const string Namespace = "codius-apps";
    public const string Deployments = $"/apis/apps/v1/namespaces/{Namespace}/deployments";
    public const string Pods = $"/api/v1/namespaces/{Namespace}/pods";
    public const string Quotas = $"/api/v1/namespaces/{Namespace}/resourcequotas";
    public const string Apps = "/apis/core.codius.org/v1alpha1/services";

    private static readonly string[] Plurals = ["deployments", "services", "secrets", "pods", "resourcequotas"];

    private readonly ConcurrentDictionary<string, string> _leases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Pipe> _watches = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _lists = [];
    private readonly ConcurrentQueue<string> _writes = [];
    private readonly ConcurrentQueue<string> _bodies = [];

    public FakeCluster() => Client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://cluster.test" }, this);

    public IKubernetes Client { get; }

    /// <summary>True to behave as an API server that cannot be reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>Another gateway that holds the Lease and renews it all the time; null: the first that asks gets it.</summary>
    public string? OtherLeader { get; set; }

    /// <summary>Method and path of each write but those of leases.</summary>
    public IReadOnlyCollection<string> Writes => [.. _writes];

    /// <summary>Path of each list that was read.</summary>
    public IReadOnlyCollection<string> Lists => [.. _lists];

    /// <summary>The bodies of these writes.</summary>
    public IReadOnlyCollection<string> Bodies => [.. _bodies];

    /// <summary>Metadata of an object with the given labels.</summary>
    public static V1ObjectMeta Metadata(string name, params (string Key, string Value)[] labels) => new()
    {
        Name = name,
        NamespaceProperty = Namespace,
        Uid = name,
        ResourceVersion = "1",
        Labels = labels.ToDictionary(label => label.Key, label => label.Value),
    };

    /// <summary>A custom resource with one container, or with the given spec.</summary>
    public static string Resource(string name, string hash, string version = "1", string? spec = null) => $$$"""
        {"apiVersion":"core.codius.org/v1alpha1","kind":"Service",
         "metadata":{"name":"{{{name}}}","uid":"{{{name}}}","resourceVersion":"{{{version}}}",
         "annotations":{"codius.org/hash":"{{{hash}}}"}},
         "spec":{{{spec ?? """{"containers":[{"name":"web","image":"nginx"}],"port":80}"""}}}}
        """;

    /// <summary>The whole gateway on this cluster.</summary>
    public Task<GatewayUnderTest> StartGatewayAsync(params string[] settings) => GatewayUnderTest.StartAsync(
        ["Apps:Engine=Kubernetes", "Webhooks:Enabled=false", "Gateway:DrainDelay=00:00:00", .. settings],
        services => services.AddSingleton(Client));

    public void Add(string collection, string json)
    {
        if (!_objects.TryGetValue(collection, out var objects)) _objects[collection] = objects = [];
        objects.Add(json);
    }

    public void Add(string collection, IKubernetesObject added) => Add(collection, KubernetesJson.Serialize(added));

    /// <summary>Adds a Deployment with one pod.</summary>
    public void AddDeployment(string name, params (string Key, string Value)[] labels) => Add(Deployments, new V1Deployment
    {
        Metadata = Metadata(name, labels),
        Spec = new V1DeploymentSpec { Replicas = 1, Template = new V1PodTemplateSpec() },
    });

    /// <summary>Reports a change (ADDED, MODIFIED or DELETED) in the watch over a collection.</summary>
    public async Task ReportAsync(string collection, string type, string json)
    {
        var change = new JsonObject { ["type"] = type, ["object"] = JsonNode.Parse(json) };
        await WatchOf(collection).Writer.WriteAsync(Encoding.UTF8.GetBytes(change.ToJsonString() + "\n"));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsAway) throw new HttpRequestException("The API server is away.");
        var response = await AnswerAsync(request, cancellationToken);
        response.RequestMessage = request;
        return response;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (request.Method == HttpMethod.Get) return Read(path, request.RequestUri.Query.Contains("watch=true", StringComparison.Ordinal));
        var body = request.Content is null ? "{}" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (path.EndsWith("/leases", StringComparison.Ordinal)) _leases[path + "/codius-leader"] = body;
        else if (path.Contains("/leases/", StringComparison.Ordinal)) _leases[path] = body;
        else
        {
            _bodies.Enqueue(body);
            _writes.Enqueue($"{request.Method} {path}");
        }
        return request.Method == HttpMethod.Delete ? Json("""{"kind":"Status","apiVersion":"v1","status":"Success"}""") : Json(body);
    }

    private HttpResponseMessage Read(string path, bool isWatch)
    {
        if (isWatch) return new(HttpStatusCode.OK) { Content = new StreamContent(WatchOf(path).Reader.AsStream()) };
        if (OtherLeader is { } leader && path.Contains("/leases/", StringComparison.Ordinal)) return Json(LeaseOf(leader));
        if (_leases.TryGetValue(path, out var lease)) return Json(lease);
        if (!Plurals.Any(plural => path.EndsWith("/" + plural, StringComparison.Ordinal)))
            return Json("""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}""",
                HttpStatusCode.NotFound);
        _lists.Enqueue(path);
        return Json($$$"""{"metadata":{"resourceVersion":"1"},"items":[{{{string.Join(',', _objects.GetValueOrDefault(path, []))}}}]}""");
    }

    // A holder that has just renewed: a Lease that does not change would be taken over.
    private static string LeaseOf(string holder) => KubernetesJson.Serialize(new V1Lease
    {
        ApiVersion = "coordination.k8s.io/v1",
        Kind = "Lease",
        Metadata = Metadata("codius-leader"),
        Spec = new V1LeaseSpec
        {
            HolderIdentity = holder,
            LeaseDurationSeconds = 15,
            LeaseTransitions = 1,
            AcquireTime = TimeProvider.System.GetUtcNow().UtcDateTime,
            RenewTime = TimeProvider.System.GetUtcNow().UtcDateTime,
        },
    });

    private Pipe WatchOf(string collection) => _watches.GetOrAdd(collection, static _ => new Pipe());

    private static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
}
