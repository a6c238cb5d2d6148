using System.Text.RegularExpressions;
using Codius.Web.Hosting;

namespace Codius.Web.Apps.Manifests;

/// <summary>The rules for a manifest to run here; finds every fault at once, before anything is paid.</summary>
internal sealed partial class ManifestRules(AllowedRegistries registries, ContainerLimit limit)
{
    /// <summary>Checks a manifest whose secret hashes were filled in, and adds to the faults that parsing it found.</summary>
    public void Check(AppManifest manifest, ICollection<ValidationError> faults)
    {
        // What could not be parsed is not reported a second time as empty.
        string[] reported = [.. faults.Select(fault => fault.Path)];
        foreach (var fault in Check(manifest))
        {
            if (!reported.Any(path => fault.Path == path || fault.Path.StartsWith(path + ".", StringComparison.Ordinal))) faults.Add(fault);
        }
    }

    private IEnumerable<ValidationError> Check(AppManifest manifest)
    {
        var containers = manifest.Spec.Containers;
        if (containers.Count == 0) yield return new ValidationError("spec.containers", "must have at least one container");
        if (containers.Count > limit.Max)
            yield return new ValidationError("spec.containers",
                $"has {containers.Count} containers; at most {limit.Max} are allowed, which share what one app may use");
        if (manifest.Spec.Port is < 1 or > 65535)
            yield return new ValidationError("spec.port", $"{manifest.Spec.Port} is not a port: 1 to 65535");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            foreach (var fault in CheckContainer($"spec.containers[{i}]", containers[i], manifest)) yield return fault;
            if (!names.Add(containers[i].Name))
                yield return new ValidationError($"spec.containers[{i}].name",
                    $"'{containers[i].Name}' is the name of an earlier container");
        }
        foreach (var key in manifest.SecretData?.Keys ?? [])
        {
            if (!SecretKey().IsMatch(key))
                yield return new ValidationError($"secretData.{key}", "a key is 1 to 253 letters, digits, '-', '_' and '.'");
        }
    }

    /// <summary>What is allowed but unwise.</summary>
    public static IEnumerable<string> Warnings(AppManifest manifest)
    {
        if (manifest.SecretData is not { Count: > 0 } secrets) yield break;
        if (!manifest.UsesSecrets) yield return "secretData is not kept: no variable refers to it";
        else if (!secrets.ContainsKey("nonce"))
            yield return "secretData has no 'nonce': everybody can see the hash of the secrets and could guess short ones; add a nonce "
                + "of random text";
    }

    private IEnumerable<ValidationError> CheckContainer(string path, ContainerSpec container, AppManifest manifest)
    {
        if (!HostNames.IsLabel(container.Name))
            yield return new ValidationError($"{path}.name", $"'{container.Name}' is not a DNS label: 1 to 63 of a-z, 0-9 and inner '-'");
        if (container.Image.Length == 0) yield return new ValidationError($"{path}.image", "is missing");
        else if (!ImageReference.TryParse(container.Image, out var image))
            yield return new ValidationError($"{path}.image", $"'{container.Image}' is not the name of an image");
        else if (!registries.Allow(image)) yield return new ValidationError($"{path}.image", Foreign(container.Image));
        for (var i = 0; i < (container.Env?.Count ?? 0); i++)
        {
            foreach (var fault in CheckVariable($"{path}.env[{i}]", container.Env![i], manifest.SecretData)) yield return fault;
        }
        foreach (var fault in ProbeRules.Check($"{path}.livenessProbe", container.LivenessProbe, onceIsEnough: true)) yield return fault;
        foreach (var fault in ProbeRules.Check($"{path}.readinessProbe", container.ReadinessProbe, onceIsEnough: false)) yield return fault;
        foreach (var fault in ProbeRules.Check($"{path}.startupProbe", container.StartupProbe, onceIsEnough: true)) yield return fault;
    }

    private string Foreign(string image) => $"'{image}' is not from a registry that this host takes images from ({registries})";

    private static IEnumerable<ValidationError> CheckVariable(
        string path, EnvironmentVariable variable, IReadOnlyDictionary<string, string>? secrets)
    {
        if (!VariableName().IsMatch(variable.Name))
            yield return new ValidationError($"{path}.name", $"'{variable.Name}' is not the name of an environment variable");
        if (variable.ValueFrom is not { SecretKeyRef: var secret }) yield break;
        if (!string.IsNullOrEmpty(variable.Value)) yield return new ValidationError(path, "value and valueFrom exclude each other");
        var reference = $"{path}.valueFrom.secretKeyRef";
        if (secret.Key.Length == 0) yield return new ValidationError($"{reference}.key", "is missing");
        else if (secrets is null || !secrets.ContainsKey(secret.Key))
            yield return new ValidationError($"{reference}.key", $"secretData has no '{secret.Key}'");
        else if (secret.Hash != ManifestHash.OfSecretData(secrets))
            yield return new ValidationError($"{reference}.hash", "is not the hash of secretData");
    }

    [GeneratedRegex(@"\A[A-Za-z_.-][A-Za-z0-9_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,253}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretKey();
}
