using System.Globalization;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>
/// The init container that keeps an app from starting before the network policy holds: a pod's policy takes effect a moment
/// after the pod, and until then it could reach the cluster. It connects to what the policy forbids, the API server, until that
/// fails; if it still succeeds after the time allowed, the cluster enforces no policies, and the app must not start.
/// </summary>
internal static class PolicyWait
{
    public const string Name = "codius-policy-wait";

    /// <summary>Its termination message when it gives up; the start report shows it to the app's owner.</summary>
    public const string GaveUp = "the cluster's network policy does not hold";

    private const string Script = """
        left=$TRIES
        while nc -w 1 "$KUBERNETES_SERVICE_HOST" "$KUBERNETES_SERVICE_PORT" </dev/null >/dev/null 2>&1; do
          left=$((left - 1))
          if [ "$left" -le 0 ]; then echo "$GAVE_UP" >/dev/termination-log; exit 1; fi
          sleep 0.1
        done
        """;

    public static V1Container Of(KubernetesOptions options, V1ResourceRequirements resources) => new()
    {
        Name = Name,
        Image = options.PolicyWaitImage,
        ImagePullPolicy = "IfNotPresent",
        Command = ["sh", "-c", Script],
        Env =
        [
            // Each try that succeeds takes a tenth of a second.
            new V1EnvVar { Name = "TRIES", Value = ((int)(options.PolicyWait.TotalSeconds * 10)).ToString(CultureInfo.InvariantCulture) },
            new V1EnvVar { Name = "GAVE_UP", Value = GaveUp },
        ],
        Resources = resources,
        SecurityContext = PodTemplate.Confined(),
    };
}
