using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances.Storage;
using Codius.Web.Tests.Apps.Manifests;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>What counts as the failure of a start, in the whole gateway: its own pod and the cluster's refusal of it.</summary>
public sealed class PodStartTests
{
    private static readonly string Hash =
        ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""").Spec);
    private static readonly string Name = AppAnnotations.ServiceOf(Hash);
    private static readonly (string, string)[] Labels = [(AppAnnotations.Service, Name), (AppObjects.ManagedBy, AppObjects.Manager)];
    private static readonly string ScaleToZero = $"PUT {FakeCluster.Deployments}/{Name}/scale";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pod_that_was_evicted_is_no_failure_and_its_replacement_counts()
    {
        using var cluster = ClusterWith(Deployment(replicas: 0));
        cluster.Add(FakeCluster.Pods, Pod("evicted", new V1PodStatus
        {
            Phase = "Failed",
            Reason = "Evicted",
            Message = "The node was low on resource: memory.",
            ContainerStatuses = [Ended(137)],
        }));
        await using var gateway = await cluster.StartGatewayAsync();
        var (runner, app) = RunnerOf(gateway);

        Assert.Same(AppState.Waking, runner.Wake(app));
        await cluster.ReportAsync(FakeCluster.Deployments, "MODIFIED", KubernetesJson.Serialize(Deployment(replicas: 1, version: 2)));
        await cluster.ReportAsync(FakeCluster.Pods, "ADDED", KubernetesJson.Serialize(Crashed("replacement")));

        await FailedWithAsync(runner, app, FailureCause.App, "exit code 3");
    }

    [Fact]
    public async Task A_wake_without_room_is_let_go_whole_and_is_no_failure_of_the_app()
    {
        using var cluster = ClusterWith(Deployment(replicas: 0));
        await using var gateway = await cluster.StartGatewayAsync();
        var (runner, app) = RunnerOf(gateway);

        runner.Wake(app);
        var scaleToOne = $"PATCH {FakeCluster.Deployments}/{Name}/scale";
        await Eventually.TrueAsync("it is scaled up", () => cluster.Writes.Contains(scaleToOne));
        await cluster.ReportAsync(FakeCluster.Deployments, "MODIFIED",
            KubernetesJson.Serialize(Deployment(replicas: 1, version: 2, refused: true)));

        await FailedWithAsync(runner, app, FailureCause.Host, "no room");
        Assert.Equal(0, gateway.Services.GetRequiredService<StartHistory>().FailuresOf(Hash));
        // A try that another visit causes before its time makes no call to the cluster.
        Assert.Equal(FailureCause.Host, Assert.IsType<AppState.Failed>(runner.Wake(app)).Cause);
        await LetGoAsync(gateway);
        await Eventually.TrueAsync("it is scaled to zero", () => cluster.Writes.Contains(ScaleToZero));
        Assert.Single(cluster.Writes, write => write == scaleToOne);
    }

    [Fact]
    public async Task A_wake_that_has_failed_before_it_began_is_let_go_whole()
    {
        using var cluster = ClusterWith(Deployment(replicas: 1));
        cluster.Add(FakeCluster.Pods, Crashed("crashed"));
        await using var gateway = await cluster.StartGatewayAsync();
        var (runner, app) = RunnerOf(gateway);

        Assert.IsType<AppState.Failed>(runner.Wake(app));

        Assert.False(gateway.Services.GetRequiredService<Workloads>().Needs(Hash));
        await LetGoAsync(gateway);
    }

    [Fact]
    public async Task A_wake_that_fails_at_once_as_the_last_one_did_is_told_too_and_a_repeated_refusal_is_not()
    {
        using var cluster = ClusterWith(Deployment(replicas: 1));
        cluster.Add(FakeCluster.Pods, Crashed("first"));
        await using var gateway = await cluster.StartGatewayAsync();
        var (runner, app) = RunnerOf(gateway);
        var first = Assert.IsType<AppState.Failed>(runner.Wake(app));
        var told = 0;
        runner.StateChanged += _ => told++;

        foreach (var next in (string[])["second", "third"])
        {
            await AddPodAsync(gateway, cluster, Crashed(next));
            told = 0;
            Assert.Equal(first.Reason, Assert.IsType<AppState.Failed>(runner.Wake(app)).Reason);
            Assert.Equal(1, told);
        }

        // After three failures it is refused.
        Assert.True(Assert.IsType<AppState.Failed>(runner.Wake(app)).Refused);
        Assert.Equal(2, told);
        Assert.True(Assert.IsType<AppState.Failed>(runner.Wake(app)).Refused);
        Assert.Equal(2, told);
    }

    [Fact]
    public async Task The_refusal_of_an_earlier_start_is_not_this_ones()
    {
        using var cluster = ClusterWith(Deployment(replicas: 1, refused: true));
        await using var gateway = await cluster.StartGatewayAsync();
        var (runner, app) = RunnerOf(gateway);

        Assert.Same(AppState.Waking, runner.Wake(app));
        await cluster.ReportAsync(FakeCluster.Pods, "ADDED", KubernetesJson.Serialize(Crashed("admitted")));

        await FailedWithAsync(runner, app, FailureCause.App, "exit code 3");
    }

    [Theory]
    [InlineData("Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.", "App")]
    [InlineData("The node was low on resource: memory.", "Host")]
    public async Task A_start_whose_pod_was_ended_has_run_although_its_replacement_waits_for_room(string message, string cause)
    {
        using var cluster = ClusterWith(Deployment(replicas: 1));
        var status = new V1PodStatus { Phase = "Running", ContainerStatuses = [Unready()] };
        cluster.Add(FakeCluster.Pods, Pod("first", status));
        await using var gateway = await cluster.StartGatewayAsync("Kubernetes:StartTimeout=00:00:04");
        var (runner, app) = RunnerOf(gateway);

        Assert.Same(AppState.Waking, runner.Wake(app));
        (status.Phase, status.Reason, status.Message) = ("Failed", "Evicted", message);
        status.ContainerStatuses = [Ended(137)];
        var ended = Pod("first", status);
        ended.Metadata.ResourceVersion = "2";
        await cluster.ReportAsync(FakeCluster.Pods, "MODIFIED", KubernetesJson.Serialize(ended));
        await AddPodAsync(gateway, cluster, Pod("second", new V1PodStatus
        {
            Phase = "Pending",
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Message = "0/1 nodes are available" }],
        }));

        await FailedWithAsync(runner, app, Enum.Parse<FailureCause>(cause), "The app did not start within 4 seconds.");
        Assert.True(Assert.IsType<AppState.Failed>(runner.StateOf(app)).Ran);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wake_that_is_never_scaled_up_fails_when_its_time_is_up_and_is_given_back(bool hasDeployment)
    {
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("hello", Hash));
        if (hasDeployment) cluster.Add(FakeCluster.Deployments, Deployment(replicas: 0));
        // Of an earlier wake; the cluster lists it for hours.
        cluster.Add(FakeCluster.Pods, Pod("evicted", new V1PodStatus
        {
            Phase = "Failed",
            Reason = "Evicted",
            Message = "Usage exceeds the limit.",
            ContainerStatuses = [Ended(137)],
        }));
        await using var gateway = await cluster.StartGatewayAsync("Kubernetes:StartTimeout=00:00:02");
        var (runner, app) = RunnerOf(gateway);

        Assert.Same(AppState.Waking, runner.Wake(app));

        await FailedWithAsync(runner, app, FailureCause.Host,
            "The app did not start within 2 seconds. The cluster has made no pod for it.");
        Assert.True(Assert.IsType<AppState.Failed>(runner.StateOf(app)) is { IsFree: true, Ran: false });
        Assert.False(gateway.Services.GetRequiredService<Workloads>().Needs(Hash));
    }

    [Fact]
    public async Task An_app_that_listens_elsewhere_is_told_the_port()
    {
        using var cluster = ClusterWith(Deployment(replicas: 1, available: true));
        cluster.Add("/api/v1/namespaces/codius-apps/services", new V1Service
        {
            Metadata = FakeCluster.Metadata(Name, Labels),
            // No program listens at this address.
            Spec = new V1ServiceSpec { ClusterIP = "127.11.12.13", Ports = [new V1ServicePort { Port = 80, TargetPort = 3000 }] },
        });
        cluster.Add(FakeCluster.Pods, Pod("deaf", new V1PodStatus
        {
            Phase = "Running",
            Conditions = [new V1PodCondition { Type = "Ready", Status = "True" }],
            ContainerStatuses = [new V1ContainerStatus
            {
                Name = "web", Image = "nginx", Ready = true,
                State = new V1ContainerState { Running = new V1ContainerStateRunning() },
            }],
        }));
        await using var gateway = await cluster.StartGatewayAsync("Kubernetes:StartTimeout=00:00:02");
        var (runner, app) = RunnerOf(gateway);
        var waiting = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        runner.StateChanged += _ =>
        {
            if (runner.StateOf(app) is AppState.WakingState { Detail: { } detail }) waiting.TrySetResult(detail);
        };

        runner.Wake(app);

        const string Deaf = "It runs, but does not accept connections on port 3000. It must listen there on all addresses (0.0.0.0).";
        Assert.Equal(Deaf, await waiting.Task.WaitAsync(Cancellation));
        await FailedWithAsync(runner, app, FailureCause.App, "The app did not start within 2 seconds. " + Deaf);
    }

    [Fact]
    public async Task A_wake_that_the_other_gateways_wakes_leave_no_room_for_fails_and_no_pod_is_asked_for()
    {
        using var cluster = ClusterWith(Deployment(replicas: 0));
        await using var gateway = await cluster.StartGatewayAsync("Apps:MaxAwakePerOwner=1");
        var (runner, app) = RunnerOf(gateway);
        app = app with { CountsWith = "alice" };
        // As another gateway writes them, a moment before its message arrives here.
        var database = gateway.Services.GetRequiredService<RedisStore>().Connection.GetDatabase();
        await database.HashSetAsync("codius-apps:{all}:awake", "other", "hash");
        await database.SetAddAsync($"codius-apps:{{all}}:awake-of:{app.CountsWith}", "other");

        runner.Wake(app);

        await FailedWithAsync(runner, app, FailureCause.OwnersLimit, "has 1 other app awake");
        Assert.False(gateway.Services.GetRequiredService<Workloads>().Needs(Hash));
        Assert.DoesNotContain($"PATCH {FakeCluster.Deployments}/{Name}/scale", cluster.Writes);
    }

    private static async Task FailedWithAsync(IAppRunner runner, HostedApp app, FailureCause cause, string reason)
    {
        var failed = Assert.IsType<AppState.Failed>(await runner.WhenReadyOrFailedAsync(app, Cancellation));
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        Assert.Equal(cause, failed.Cause);
    }

    private static async Task AddPodAsync(GatewayUnderTest gateway, FakeCluster cluster, V1Pod pod)
    {
        await cluster.ReportAsync(FakeCluster.Pods, "ADDED", KubernetesJson.Serialize(pod));
        var view = gateway.Services.GetRequiredService<ClusterView>();
        await Eventually.TrueAsync("the gateway sees the pod", () => view.Pods.TryFind(pod.Metadata.Name, out _));
    }

    private static Task<bool> LetGoAsync(GatewayUnderTest gateway) => Eventually.TrueAsync<bool>("no gateway takes it for awake",
        async () => (await gateway.Services.GetRequiredService<AwakeRegistry>().ReadHashesAsync()).Count == 0 ? true : null);

    private static (IAppRunner Runner, HostedApp App) RunnerOf(GatewayUnderTest gateway)
    {
        Assert.True(gateway.Services.GetRequiredService<IAppCatalog>().Current.TryFind("hello", out var app));
        return (gateway.Services.GetRequiredService<IAppRunner>(), app);
    }

    private static FakeCluster ClusterWith(V1Deployment deployment)
    {
        var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("hello", Hash));
        cluster.Add(FakeCluster.Deployments, deployment);
        return cluster;
    }

    private static V1Deployment Deployment(int replicas, int version = 1, bool refused = false, bool available = false)
    {
        var metadata = FakeCluster.Metadata(Name, Labels);
        metadata.ResourceVersion = $"{version}";
        metadata.Generation = version;
        return new V1Deployment
        {
            Metadata = metadata,
            Spec = new V1DeploymentSpec { Replicas = replicas, Template = new V1PodTemplateSpec() },
            Status = new V1DeploymentStatus
            {
                ObservedGeneration = version,
                AvailableReplicas = available ? 1 : null,
                Conditions = !refused ? null : [new V1DeploymentCondition
                {
                    Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate",
                    Message = "pods \"x\" is forbidden: exceeded quota: apps",
                }],
            },
        };
    }

    private static V1Pod Crashed(string name) => Pod(name, new V1PodStatus { Phase = "Running", ContainerStatuses = [Ended(3)] });

    private static V1ContainerStatus Unready() => new()
    {
        Name = "web",
        Image = "nginx",
        State = new V1ContainerState { Running = new V1ContainerStateRunning() },
    };

    private static V1ContainerStatus Ended(int code) => new()
    {
        Name = "web",
        Image = "nginx",
        State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = code } },
    };

    private static V1Pod Pod(string name, V1PodStatus status) => new()
    {
        Metadata = FakeCluster.Metadata(name, Labels),
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "web" }] },
        Status = status,
    };
}
