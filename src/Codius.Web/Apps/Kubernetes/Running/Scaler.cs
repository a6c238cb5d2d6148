using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// Sets the number of pods of a hash, by the scale subresource alone: 1 when a name needs it; by the leader 0, or 1 if it had more.
/// </summary>
internal sealed partial class Scaler(IKubernetes client, IOptions<KubernetesOptions> options, TimeProvider time, ILogger<Scaler> log)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly V1Patch One = new(new { spec = new { replicas = 1 } }, V1Patch.PatchType.MergePatch);

    private readonly string _namespace = options.Value.Namespace;

    /// <summary>Scales up; tried again, also while the API server is away, until it succeeds or is no longer wanted.</summary>
    public async Task UpAsync(string hash, Func<bool> wanted, CancellationToken end)
    {
        for (var wait = ShortestWait; wanted() && !end.IsCancellationRequested; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                await client.AppsV1.PatchNamespacedDeploymentScaleAsync(One, AppAnnotations.ServiceOf(hash), _namespace,
                    cancellationToken: end);
                return;
            }
            catch (HttpOperationException missing) when (missing.Response?.StatusCode == HttpStatusCode.NotFound)
            {
                // The leader has not created it yet.
            }
            catch (Exception trouble) when (IsTrouble(trouble))
            {
                if (!end.IsCancellationRequested) LogTrouble(hash, trouble.Message);
            }
            await Task.Delay(wait, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Scales to fewer pods, unless the Deployment changed since it was read.</summary>
    public async Task DownAsync(V1Deployment seen, int replicas, CancellationToken cancellation)
    {
        try
        {
            await client.AppsV1.ReplaceNamespacedDeploymentScaleAsync(new V1Scale
            {
                Metadata = new V1ObjectMeta
                {
                    Name = seen.Metadata.Name,
                    NamespaceProperty = _namespace,
                    ResourceVersion = seen.Metadata.ResourceVersion,
                },
                Spec = new V1ScaleSpec { Replicas = replicas },
            }, seen.Metadata.Name, _namespace, cancellationToken: cancellation);
        }
        catch (HttpOperationException changed) when (changed.Response?.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            // The next pass checks it again.
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            LogTrouble(seen.Metadata.Name, trouble.Message);
        }
    }

    /// <summary>Deletes a failed pod, so that a new one is created.</summary>
    public async Task DeletePodAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await client.CoreV1.DeleteNamespacedPodAsync(name, _namespace, gracePeriodSeconds: 1, cancellationToken: cancellation);
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            LogTrouble(name, trouble.Message);
        }
    }

    private static bool IsTrouble(Exception exception) =>
        exception is HttpOperationException or HttpRequestException or IOException or OperationCanceledException or TimeoutException;

    [LoggerMessage(LogLevel.Warning, "{Name} could not be scaled: {Cause}")]
    private partial void LogTrouble(string name, string cause);
}
