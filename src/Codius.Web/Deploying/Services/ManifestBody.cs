using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Services;

/// <summary>Parses the body of a <c>PUT</c> strictly, and fills in everything that the hash covers.</summary>
internal sealed class ManifestBody(ManifestRules rules, NameRules names, VisitAnnotationRules visits, Asset asset)
{
    private static readonly Dictionary<string, string> NoAnnotations = [];

    /// <summary>The app that the body describes; adds every fault of its name and its manifest to <paramref name="faults"/>.</summary>
    public StoredApp? Parse(string name, ReadOnlyMemory<byte> json, List<ValidationError> faults)
    {
        if (names.Fault(name) is { } badName) faults.Add(new ValidationError("name", badName));
        var annotations = NoAnnotations as IReadOnlyDictionary<string, string>;
        var manifest = ManifestReader.Parse(json, faults, root =>
        {
            annotations = root.Map("annotations") ?? annotations;
            return ManifestReader.Read(root, faults);
        });
        if (manifest is null) return null;
        faults.AddRange(AnnotationRules.Check("annotations", annotations, asset));
        faults.AddRange(visits.Check("annotations", annotations));
        manifest = ManifestHash.FillIn(manifest);
        rules.Check(manifest, faults);
        return new StoredApp(name, ManifestHash.OfSpec(manifest.Spec), manifest.Spec, manifest.SecretData, Owner: null, annotations);
    }
}
