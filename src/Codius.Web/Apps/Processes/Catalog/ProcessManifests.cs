using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>
/// The rules for manifests on local processes: one listed image, as the operator configured it. Uploaded commands, arguments and
/// variables could make a listed program do anything on this machine, so they need a cluster.
/// </summary>
internal sealed class ProcessManifests(KnownImages images)
{
    public IReadOnlyList<ValidationError> FaultsOf(AppSpec spec) => [.. Find(spec)];

    private IEnumerable<ValidationError> Find(AppSpec spec)
    {
        if (spec.Containers.Count != 1)
        {
            yield return new ValidationError("spec.containers", "this host runs apps as local processes, one container each.");
            yield break;
        }
        var container = spec.Containers[0];
        if (!images.TryFind(container.Image, out _))
            yield return new ValidationError("spec.containers[0].image", KnownImages.Unlisted(container.Image));
        if (container.Command is { Count: > 0 }) yield return Uploaded("command");
        if (container.Args is { Count: > 0 }) yield return Uploaded("args");
        if (container.WorkingDir is { Length: > 0 }) yield return Uploaded("workingDir");
        if (container.Env is { Count: > 0 }) yield return Uploaded("env");
    }

    private static ValidationError Uploaded(string field) =>
        new($"spec.containers[0].{field}",
            $"this host runs images as local processes just as its operator listed them; leave {field} out.");
}
