namespace Codius.Web.Apps.Manifests;

/// <summary>The registries images may come from, each with or without the beginning of a path; Docker Hub if none is listed.</summary>
internal sealed class AllowedRegistries(IEnumerable<string> listed)
{
    private readonly string[] _all = listed.ToArray() is { Length: > 0 } some ? some : ["docker.io"];

    public bool Allow(ImageReference image) => image.IsFrom(_all);

    public override string ToString() => string.Join(", ", _all);
}
