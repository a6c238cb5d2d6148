using System.Text;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Manifests;
using Codius.Web.Tests.Apps.Manifests;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>The objects that run an app: named by its hash, the same each time, and confined.</summary>
public sealed class AppObjectsTests
{
    private const string Text = """
        {"spec":{"containers":[
          {"name":"web","image":"nginx:1","command":["run"],"args":["it"],"workingDir":"/srv",
           "env":[{"name":"A","value":"1"},{"name":"EMPTY"},{"name":"PW","valueFrom":{"secretKeyRef":{"key":"pw"}}}],
           "readinessProbe":{"httpGet":{"path":"/ok","port":3000,"host":"169.254.169.254","scheme":"HTTP","httpHeaders":[{"name":"X","value":"y"}]},"periodSeconds":1},
           "livenessProbe":{"tcpSocket":{"port":3000,"host":"10.0.0.1"}},
           "startupProbe":{"exec":{"command":["true"]},"failureThreshold":30}},
          {"name":"side","image":"busybox"}],"port":3000},
         "secretData":{"pw":"hunter2","nonce":"n0nce"}}
        """;

    private const decimal Mi = 1024 * 1024;

    private readonly KubernetesOptions _options = new();

    [Fact]
    public void Everything_is_called_by_the_hash()
    {
        var (app, objects) = (App(), new AppObjects(Options.Create(_options)));

        foreach (
            var metadata in (V1ObjectMeta[])[objects.Deployment(app).Metadata, objects.Service(app).Metadata,
            objects.Secret(app)!.Metadata])
        {
            Assert.Equal("svc-" + app.Hash, metadata.Name);
            Assert.Equal("codius-apps", metadata.NamespaceProperty);
            Assert.Equal("svc-" + app.Hash, metadata.Labels["codius.org/service"]);
            Assert.Equal(["hello", "hallo"], metadata.OwnerReferences.Select(owner => owner.Name));
        }
    }

    [Fact]
    public void A_visit_reaches_the_port_of_the_manifest()
    {
        var port = new AppObjects(Options.Create(_options)).Service(App()).Spec.Ports.Single();

        Assert.Equal((80, "3000"), (port.Port, port.TargetPort.Value));
    }

    [Fact]
    public void A_visit_reaches_no_pod_that_the_gateway_did_not_make()
    {
        var objects = new AppObjects(Options.Create(_options));

        var selector = objects.Service(App()).Spec.Selector;

        Assert.Equal(["app.kubernetes.io/managed-by", "codius.org/service"], selector.Keys.Order());
        Assert.Equal(selector, objects.Deployment(App()).Spec.Template.Metadata.Labels);
    }

    [Fact]
    public void The_secret_has_what_variables_refer_to_and_nothing_else()
    {
        var secret = new AppObjects(Options.Create(_options)).Secret(App())!;

        Assert.Equal(["pw"], secret.Data.Keys);
        Assert.Equal("hunter2", Encoding.UTF8.GetString(secret.Data["pw"]));
        Assert.True(secret.Immutable);
    }

    [Fact]
    public void An_app_without_secrets_has_no_Secret()
    {
        var app = App("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"secretData":{"nonce":"1"}}""");

        Assert.Null(new AppObjects(Options.Create(_options)).Secret(app));
    }

    [Fact]
    public void The_container_is_as_the_manifest_says()
    {
        var container = Pod().Containers[0];

        Assert.Equal(("web", "nginx:1", "IfNotPresent", "/srv"),
            (container.Name, container.Image, container.ImagePullPolicy, container.WorkingDir));
        Assert.Equal(["run"], container.Command);
        Assert.Equal(["it"], container.Args);
        Assert.Equal(["A=1", "EMPTY="], container.Env.Take(2).Select(variable => $"{variable.Name}={variable.Value}"));
        Assert.Equal(("svc-" + App().Hash, "pw"),
            (container.Env[2].ValueFrom.SecretKeyRef.Name, container.Env[2].ValueFrom.SecretKeyRef.Key));
        Assert.Equal(("/ok", "3000", 1),
            (container.ReadinessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Port.Value, container.ReadinessProbe.PeriodSeconds));
        Assert.Equal(30, container.StartupProbe.FailureThreshold);
    }

    [Fact]
    public void Neither_the_number_of_replicas_nor_a_secret_is_in_the_deployment()
    {
        var json = KubernetesJson.Serialize(new AppObjects(Options.Create(_options)).Deployment(App()));

        Assert.DoesNotContain("\"replicas\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_can_do_little_harm()
    {
        _options.RuntimeClassName = "kata";
        _options.PullSecret = "registry";
        var pod = Pod();

        Assert.Equal("kata", pod.RuntimeClassName);
        Assert.Equal("registry", pod.ImagePullSecrets.Single().Name);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(pod.EnableServiceLinks);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.Equal(("None", "1.1.1.1 9.9.9.9"), (pod.DnsPolicy, string.Join(' ', pod.DnsConfig.Nameservers)));
        Assert.True(pod.HostNetwork is not true && pod.HostPID is not true && pod.HostIPC is not true && pod.Volumes is null);
        foreach (var container in pod.Containers.Concat(pod.InitContainers))
        {
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.False(container.SecurityContext.Privileged);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Equal(["cpu", "memory"], container.Resources.Requests.Keys);
            Assert.Equal(["cpu", "memory", "ephemeral-storage"], container.Resources.Limits.Keys);
            Assert.Null(container.Ports);
            Assert.Null(container.ReadinessProbe?.HttpGet?.Host);
            Assert.Null(container.LivenessProbe?.TcpSocket?.Host);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    public void However_many_containers_an_app_has_it_takes_one_share_of_the_machine(int count)
    {
        var containers = string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"name":"c{{i}}","image":"nginx"}"""));
        var app = App($$"""{"spec":{"containers":[{{containers}}]} }""");

        var pod = new AppObjects(Options.Create(_options)).Deployment(app).Spec.Template.Spec;

        Assert.Equal(count, pod.Containers.Count);
        Assert.Equal((0.05m, 64 * Mi), (Sum("cpu", resources => resources.Requests), Sum("memory", resources => resources.Requests)));
        Assert.Equal((0.5m, 256 * Mi, 1024 * Mi),
            (Sum("cpu", resources => resources.Limits), Sum("memory", resources => resources.Limits),
                Sum("ephemeral-storage", resources => resources.Limits)));
        // The container that waits runs before the others, so it adds nothing.
        Assert.Equal(0.5m, Assert.Single(pod.InitContainers).Resources.Limits["cpu"].ToDecimal());

        decimal Sum(string kind, Func<V1ResourceRequirements, IDictionary<string, ResourceQuantity>> of) =>
            pod.Containers.Sum(container => of(container.Resources)[kind].ToDecimal());
    }

    [Fact]
    public void It_waits_for_the_network_policy_where_one_is_enforced()
    {
        Assert.Equal(PolicyWait.Name, Pod().InitContainers.Single().Name);

        _options.RequirePolicy = false;
        Assert.Null(Pod().InitContainers);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("none")]
    public void Without_a_runtime_class_the_clusters_usual_one_is_used(string? name)
    {
        _options.RuntimeClassName = name;

        Assert.Null(Pod().RuntimeClassName);
    }

    [Fact]
    public void The_same_app_makes_the_same_objects()
    {
        var objects = new AppObjects(Options.Create(_options));

        Assert.Equal(KubernetesJson.Serialize(objects.Deployment(App())), KubernetesJson.Serialize(objects.Deployment(App())));
    }

    private V1PodSpec Pod() => new AppObjects(Options.Create(_options)).Deployment(App()).Spec.Template.Spec;

    private static HashedApp App(string text = Text)
    {
        var manifest = ManifestHash.FillIn(Manifest.Read(text));
        return new HashedApp(ManifestHash.OfSpec(manifest.Spec), manifest.Spec, manifest.SecretData, [Owner("hello"), Owner("hallo")]);
    }

    private static V1OwnerReference Owner(string name) =>
        new() { ApiVersion = "core.codius.org/v1alpha1", Kind = "Service", Name = name, Uid = "uid-of-" + name };
}
