using System.Globalization;
using Codius.Testing;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Deploying.Kubectl;
using Codius.Web.Hosting;
using k8s;
using k8s.Models;

namespace Codius.Web.Tests.Deployment;

/// <summary>What <c>kubectl apply -k</c> would send, held against what the gateway is and needs.</summary>
public sealed class DeployFolderTests
{
    public static TheoryData<string> Folders => ["base", "overlays/single-machine", "overlays/production"];

    public static TheoryData<string> Overlays => ["single-machine", "production"];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Each_folder_is_a_set_of_valid_objects_in_namespaces_of_its_own(string folder)
    {
        var objects = await Kustomized.ReadAsync(Path.Combine(Kustomized.Folder, folder));

        Assert.Contains(objects, found => found is V1CustomResourceDefinition);
        var namespaces = objects.OfType<V1Namespace>().Select(found => found.Metadata.Name).Append("default");
        Assert.All(objects.Where(found => found.Metadata.NamespaceProperty is not null), found =>
            Assert.Contains(found.Metadata.NamespaceProperty, namespaces));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_setting_of_an_overlay_is_one_that_the_gateway_has(string overlay)
    {
        var objects = await ReadAsync(overlay);
        var gateway = Gateway(objects);
        var given = objects.OfType<V1ConfigMap>()
            .Single().Data.Keys.Concat((gateway.Env ?? []).Select(variable => variable.Name)
            .Where(name => name.Contains("__", StringComparison.Ordinal)));

        Assert.All(given, key => Assert.True(SettingsFile.Has(key.Replace("__", ":", StringComparison.Ordinal)), key));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_gateway_has_its_ports_probes_and_time_to_drain_and_no_rights_on_the_node(string overlay)
    {
        var objects = await ReadAsync(overlay);
        var pod = objects.OfType<V1Deployment>().Single().Spec.Template.Spec;
        var gateway = Gateway(objects);
        var defaults = new GatewayOptions();

        var http2 = int.Parse(objects.OfType<V1ConfigMap>().Single().Data["Gateway__Http2Port"], CultureInfo.InvariantCulture);
        Assert.Equal([defaults.Port, http2, defaults.ManagementPort, defaults.WebhookPort],
            gateway.Ports.Select(port => port.ContainerPort));
        Assert.Equal(("/health/ready", "management"), (gateway.ReadinessProbe.HttpGet.Path, gateway.ReadinessProbe.HttpGet.Port.Value));
        Assert.Equal(("/health/live", "management"), (gateway.LivenessProbe.HttpGet.Path, gateway.LivenessProbe.HttpGet.Port.Value));
        Assert.True(TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value) > defaults.DrainDelay + defaults.DrainTimeout);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.True(
            gateway.SecurityContext is { AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true, Capabilities.Drop: ["ALL"] });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Visits_reach_the_gateway_over_HTTP_1_1_and_over_HTTP_2_without_TLS(string overlay)
    {
        var objects = await ReadAsync(overlay);
        var service = objects.OfType<V1Service>().Single(service => service.Metadata.Name == "codius-web").Spec;
        var policy = objects.OfType<V1NetworkPolicy>().Single(policy => policy.Metadata.Name == "codius-web").Spec;

        Assert.Equal([("http", 80, null), ("h2c", 8081, "kubernetes.io/h2c")],
            service.Ports.Select(port => (port.Name, port.Port, (string?)port.AppProtocol)));
        Assert.All(service.Ports, port => Assert.Contains(Gateway(objects).Ports, open => open.Name == port.TargetPort.Value));
        // From anywhere: a rule without "from".
        var open = policy.Ingress.Where(rule => rule.FromProperty is null).SelectMany(rule => rule.Ports).Select(port => port.Port.Value);
        Assert.Equal(["http", "h2c", "webhooks"], open);
    }

    [Fact]
    public async Task Redis_refuses_writes_before_its_pod_would_be_killed()
    {
        var redis = (await ReadAsync("single-machine")).OfType<V1StatefulSet>().Single().Spec.Template.Spec.Containers.Single();
        var bound = redis.Args[redis.Args.IndexOf("--maxmemory") + 1];

        Assert.EndsWith("mb", bound, StringComparison.Ordinal);
        Assert.InRange(int.Parse(bound[..^2], CultureInfo.InvariantCulture) * 1024m * 1024m,
            1, redis.Resources.Limits["memory"].ToDecimal() * 3 / 4);
        Assert.Equal("noeviction", redis.Args[redis.Args.IndexOf("--maxmemory-policy") + 1]);
    }

    [Fact]
    public async Task Deployers_may_do_what_they_pay_for_and_not_look_around()
    {
        var objects = await Kustomized.ReadAsync(Path.Combine(Kustomized.Folder, "base"));
        var role = objects.OfType<V1ClusterRole>().Single(role => role.Metadata.Name == "codius-deployers");
        var binding = objects.OfType<V1ClusterRoleBinding>().Single(binding => binding.RoleRef.Name == role.Metadata.Name);

        var rule = Assert.Single(role.Rules);
        Assert.Equal(("core.codius.org", "services"), (Assert.Single(rule.ApiGroups), Assert.Single(rule.Resources)));
        Assert.Equal(["create", "get", "patch", "update", "delete"], rule.Verbs);
        Assert.Equal(("Group", Deployer.Group), (Assert.Single(binding.Subjects).Kind, binding.Subjects[0].Name));
    }

    [Fact]
    public async Task The_gateway_itself_may_nothing_by_wildcard_and_read_no_secrets_but_its_own()
    {
        var objects = await Kustomized.ReadAsync(Path.Combine(Kustomized.Folder, "base"));
        var clusterRules = objects.OfType<V1ClusterRole>().SelectMany(role => role.Rules).ToArray();
        var rules = clusterRules.Concat(objects.OfType<V1Role>().SelectMany(role => role.Rules));
        var own = objects.OfType<V1Role>().Single(role => role.Metadata.NamespaceProperty == "codius").Rules;

        Assert.DoesNotContain(rules, rule => rule.Verbs.Concat(rule.Resources).Concat(rule.ApiGroups).Contains("*"));
        Assert.DoesNotContain(clusterRules, rule => rule.ApiGroups.Contains(""));
        Assert.All(own.Where(rule => rule.Resources.Contains("secrets") && !rule.Verbs.SequenceEqual(["create"])), rule =>
            Assert.Single(rule.ResourceNames));
    }

    [Fact]
    public async Task The_webhooks_are_called_for_every_change_of_an_app_and_no_change_passes_without_them()
    {
        var objects = await Kustomized.ReadAsync(Path.Combine(Kustomized.Folder, "base"));
        var mutating = objects.OfType<V1MutatingWebhookConfiguration>().Single().Webhooks.Single();
        var validating = objects.OfType<V1ValidatingWebhookConfiguration>().Single().Webhooks.Single();
        var service = objects.OfType<V1Service>().Single(service => service.Metadata.Name == "codius-web-webhooks");

        Assert.Equal((service.Metadata.Name, service.Metadata.NamespaceProperty, service.Spec.Ports[0].Port),
            (mutating.ClientConfig.Service.Name, mutating.ClientConfig.Service.NamespaceProperty, mutating.ClientConfig.Service.Port));
        Assert.Equal((service.Metadata.Name, service.Metadata.NamespaceProperty, service.Spec.Ports[0].Port),
            (validating.ClientConfig.Service.Name, validating.ClientConfig.Service.NamespaceProperty,
                validating.ClientConfig.Service.Port));
        Assert.Equal(("Fail", "Fail"), (mutating.FailurePolicy, validating.FailurePolicy));
        Assert.Equal(["CREATE", "UPDATE"], mutating.Rules.Single().Operations);
        Assert.Equal(["CREATE", "UPDATE", "DELETE"], validating.Rules.Single().Operations);
    }

    [Fact]
    public async Task The_single_machine_keeps_its_balances_and_forgets_none_to_save_memory()
    {
        var redis = (await ReadAsync("single-machine")).OfType<V1StatefulSet>().Single().Spec;

        Assert.Equal("/data", redis.Template.Spec.Containers[0].VolumeMounts.Single().MountPath);
        Assert.Contains("--appendonly yes --maxmemory-policy noeviction", string.Join(' ', redis.Template.Spec.Containers[0].Args),
            StringComparison.Ordinal);
        Assert.Single(redis.VolumeClaimTemplates);
    }

    [Fact]
    public async Task Production_has_two_gateways_that_no_drain_ends_together_and_apps_in_kata()
    {
        var objects = await ReadAsync("production");

        Assert.Equal(2, objects.OfType<V1Deployment>().Single().Spec.Replicas);
        Assert.Equal("1", objects.OfType<V1PodDisruptionBudget>().Single().Spec.MinAvailable.Value);
        Assert.Equal("kata", objects.OfType<V1ConfigMap>().Single().Data["Kubernetes__RuntimeClassName"]);
        var ingress = objects.OfType<V1Ingress>().Single().Spec;
        Assert.Equal(["codius.example", "*.codius.example"], ingress.Rules.Select(rule => rule.Host));
        Assert.Equal(["codius.example", "*.codius.example"], ingress.Tls.Single().Hosts);
    }

    [Fact]
    public async Task Without_flags_of_the_API_server_no_webhook_and_no_deployer_is_left()
    {
        var objects = await Kustomized.ReadAsync("single-machine", "put-only", "ingress");

        Assert.DoesNotContain(objects, found => found is V1MutatingWebhookConfiguration or V1ValidatingWebhookConfiguration);
        Assert.DoesNotContain(objects, found => found.Metadata.Name is "codius-deployers" or "codius-web-webhooks");
        Assert.Equal("false", objects.OfType<V1ConfigMap>().Single().Data["Webhooks__Enabled"]);
    }

    [Fact]
    public async Task With_cert_manager_the_gateway_reads_its_files()
    {
        var objects = await Kustomized.ReadAsync("single-machine", "cert-manager");
        var config = objects.OfType<V1ConfigMap>().Single().Data;
        var mounts = Gateway(objects).VolumeMounts.Select(mount => mount.MountPath);

        Assert.Contains(Path.GetDirectoryName(config["Webhooks__CertificateFile"]), mounts);
        Assert.Contains(Path.GetDirectoryName(config["Webhooks__CertificateKeyFile"]), mounts);
        Assert.Contains("cert-manager.io/inject-ca-from", objects.OfType<V1ValidatingWebhookConfiguration>()
            .Single().Metadata.Annotations.Keys);
        Assert.Contains("cert-manager.io/inject-ca-from", objects.OfType<V1MutatingWebhookConfiguration>()
            .Single().Metadata.Annotations.Keys);
    }

    [Fact]
    public async Task The_namespaces_are_those_that_the_settings_name()
    {
        var objects = await Kustomized.ReadAsync(Path.Combine(Kustomized.Folder, "base"));

        Assert.Contains(new KubernetesOptions().Namespace, objects.OfType<V1Namespace>().Select(found => found.Metadata.Name));
        Assert.All(objects.OfType<V1Namespace>(), found =>
            Assert.Equal(found.Metadata.Name, found.Metadata.Labels["kubernetes.io/metadata.name"]));
    }

    private static Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> ReadAsync(string overlay) =>
        Kustomized.ReadAsync(Path.Combine(Kustomized.Folder, "overlays", overlay));

    private static V1Container Gateway(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects) =>
        objects.OfType<V1Deployment>().Single().Spec.Template.Spec.Containers.Single();
}
