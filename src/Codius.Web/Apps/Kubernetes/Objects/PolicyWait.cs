using System.Globalization;
using System.Net;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>
/// The init container that keeps an app from starting before the network policy holds: a pod's policy takes effect a moment
/// after the pod, and until then it could reach the cluster. It connects to what the policy forbids, the API server and
/// <c>Kubernetes:MustNotReach</c>, until none of them answers. If one still does after the time allowed, or the image has no <c>nc</c> that
/// could tell, the app must not start.
/// </summary>
internal static class PolicyWait
{
    public const string Name = "codius-policy-wait";

    /// <summary>Its termination message when it gives up; the start report shows it to the app's owner.</summary>
    public const string GaveUp = "the cluster's network policy does not hold";

    /// <summary>Its termination message when its image has no <c>nc</c> that works.</summary>
    public const string CannotTell = "whether the cluster's network policy holds cannot be told";

    /// <summary>Where it listens itself for a moment, to see that its <c>nc</c> finds an open port.</summary>
    private const string OwnPort = "4711";

    /// <summary>For <c>sh</c>, with <c>nc</c>, <c>sleep</c> and <c>date</c> of busybox.</summary>
    public const string Script = """
        fail() { echo "$1" >"$REPORT"; exit 1; }
        # Set by the cluster; without them nothing is started either.
        targets="${KUBERNETES_SERVICE_HOST:?}/${KUBERNETES_SERVICE_PORT:?} $MUST_NOT_REACH"

        # Succeeds if the port answers. nc gives up connecting after a second, so one that is still there after two has connected.
        connects() {
          nc -w 1 "$1" "$2" </dev/null >/dev/null 2>&1 &
          nc=$!
          left=20
          while [ "$left" -gt 0 ] && kill -0 "$nc" 2>/dev/null; do
            left=$((left - 1))
            sleep 0.1
          done
          if kill "$nc" 2>/dev/null; then return 0; fi
          wait "$nc"
        }

        # All at once: one that a policy silences takes a second.
        reaches_any() {
          tries=
          for target in $targets; do
            connects "${target%/*}" "${target#*/}" &
            tries="$tries $!"
          done
          reached=1
          for try in $tries; do if wait "$try"; then reached=0; fi; done
          return $reached
        }

        # Without an nc that works nothing would seem to answer.
        nc -l -p "$OWN_PORT" </dev/null >/dev/null 2>&1 &
        tries_left=20
        until connects 127.0.0.1 "$OWN_PORT"; do
          tries_left=$((tries_left - 1))
          [ "$tries_left" -gt 0 ] || fail "$CANNOT_TELL"
          sleep 0.1
        done

        end=$(($(date +%s) + ALLOWED))
        while reaches_any; do
          [ "$(date +%s)" -lt "$end" ] || fail "$GAVE_UP"
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
            Variable("MUST_NOT_REACH", string.Join(' ',
                options.MustNotReach.Select(IPEndPoint.Parse).Select(target => $"{target.Address}/{target.Port}"))),
            Variable("REPORT", "/dev/termination-log"),
            Variable("OWN_PORT", OwnPort),
            Variable("ALLOWED", ((int)options.PolicyWait.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            Variable("GAVE_UP", GaveUp),
            Variable("CANNOT_TELL", CannotTell),
        ],
        Resources = resources,
        SecurityContext = PodTemplate.Confined(),
    };

    private static V1EnvVar Variable(string name, string value) => new() { Name = name, Value = value };
}
