using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>Tells the pods of one start from those of earlier ones, and remembers whether the app ran in it.</summary>
internal sealed class StartPods
{
    private HashSet<string> _earlier = [];
    private HashSet<string> _ofEarlierWakes = [];

    /// <summary>True once a container of the app has run: the cluster may have ended or deleted its pod since.</summary>
    public bool HaveRun { get; private set; }

    /// <summary>A start begins; these pods ran before it.</summary>
    /// <param name="earlier">Pods that are not this start's.</param>
    /// <param name="wasAwake">True if it is a restart of an app that was awake.</param>
    public void Begin(IEnumerable<V1Pod> earlier, bool wasAwake)
    {
        HaveRun = false;
        _earlier = [.. earlier.Select(pod => pod.Metadata.Uid)];
        if (!wasAwake) _ofEarlierWakes = _earlier;
    }

    public void See(IEnumerable<V1Pod> pods) =>
        HaveRun |= StartedContainers.In(pods.Where(pod => !_earlier.Contains(pod.Metadata.Uid)));

    /// <summary>Those of this wake: one that ended while the app was awake may be why it starts again.</summary>
    public IEnumerable<V1Pod> OfThisWake(IEnumerable<V1Pod> pods) => pods.Where(pod => !_ofEarlierWakes.Contains(pod.Metadata.Uid));
}
