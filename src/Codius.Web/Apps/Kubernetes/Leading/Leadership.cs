using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Leading;

/// <summary>Elects, by a Lease, the one gateway that reconciles and puts apps to sleep.</summary>
internal sealed partial class Leadership(
    IKubernetes client, IOptions<KubernetesOptions> options, Supervisor supervisor, TimeProvider time, ILogger<Leadership> log)
    : SupervisedService(supervisor.Work("leader election")), ILeadership
{
    public const string LeaseName = "codius-leader";

    private readonly SupervisedWork _changes = supervisor.Work("changes of leadership");
    private volatile bool _leads;
    private volatile string? _leader;

    /// <summary>This gateway became leader, or no longer is.</summary>
    public event Action? Changed;

    /// <summary>This gateway's name in the Lease.</summary>
    public string Identity { get; } = $"{Environment.MachineName}-{Guid.NewGuid():n}"[..Math.Min(60, Environment.MachineName.Length + 33)];

    public bool IsLeader => _leads;

    /// <summary>The leader that was seen last.</summary>
    public string? Leader => _leader;

    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var duration = options.Value.LeaseDuration;
        var election = new LeaderElectionConfig(new LeaseLock(client, options.Value.GatewayNamespace, LeaseName, Identity))
        {
            LeaseDuration = duration,
            RenewDeadline = duration * 2 / 3,
            RetryPeriod = duration / 8,
        };
        using var elector = new LeaderElector(election);
        elector.OnNewLeader += leader => _leader = leader;
        elector.OnStartedLeading += () => Become(true);
        elector.OnStoppedLeading += () => Become(false);
        elector.OnError += trouble =>
        {
            if (!stoppingToken.IsCancellationRequested) LogTrouble(trouble.Message);
        };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await elector.RunUntilLeadershipLostAsync(stoppingToken);
            }
            catch (Exception trouble) when (
                trouble is OperationCanceledException or HttpOperationException or HttpRequestException or IOException)
            {
                // No gateway leads while the API server is away; tried again as long as the gateway runs.
                if (!stoppingToken.IsCancellationRequested) LogTrouble(trouble.Message);
            }
            finally
            {
                // Whatever ended it: a gateway that no longer renews the Lease must not go on as leader.
                Become(false);
            }
            await Task.Delay(election.RetryPeriod, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        var led = _leads;
        await base.StopAsync(cancellationToken);
        if (led) await ReleaseAsync(cancellationToken);
    }

    /// <summary>Lets the next gateway lead at once instead of when the Lease expires.</summary>
    private async Task ReleaseAsync(CancellationToken cancellation)
    {
        try
        {
            var lease = await client.CoordinationV1.ReadNamespacedLeaseAsync(LeaseName, options.Value.GatewayNamespace,
                cancellationToken: cancellation);
            if (lease.Spec.HolderIdentity != Identity) return;
            lease.Spec.HolderIdentity = "";
            lease.Spec.LeaseDurationSeconds = 1;
            await client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, LeaseName, options.Value.GatewayNamespace,
                cancellationToken: cancellation);
        }
        catch (Exception trouble) when (
            trouble is OperationCanceledException or HttpOperationException or HttpRequestException or IOException)
        {
            LogTrouble(trouble.Message);
        }
    }

    private void Become(bool leads)
    {
        if (_leads == leads) return;
        _leads = leads;
        Since = time.GetUtcNow();
        LogChanged(Identity, leads ? "leads" : "does not lead any more");
        _changes.Raise(Changed);
    }

    [LoggerMessage(LogLevel.Information, "Gateway {Gateway} {Change}")]
    private partial void LogChanged(string gateway, string change);

    [LoggerMessage(LogLevel.Warning, "The election of a leading gateway has trouble: {Cause}")]
    private partial void LogTrouble(string cause);
}
