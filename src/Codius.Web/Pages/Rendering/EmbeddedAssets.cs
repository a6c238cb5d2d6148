using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Codius.Web.Pages.Rendering;

/// <summary>Style sheets and scripts that are embedded in the program, served below one path that changes with any of them.</summary>
internal sealed class EmbeddedAssets
{
    private readonly FrozenDictionary<string, byte[]> _files;
    private readonly string _path;
    private readonly string _version;

    /// <param name="prefix">What the names of the resources begin with.</param>
    /// <param name="path">The path they are served below.</param>
    public EmbeddedAssets(string prefix, string path)
    {
        _files = Read(prefix);
        _path = path;
        // All files share one version, so that a script finds the modules it imports beside it.
        _version = Convert.ToHexStringLower(SHA256.HashData(
            [.. _files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value)]))[..12];
    }

    public string UrlOf(string file) => $"{_path}/{_version}/{file}";

    public IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(_path + "/{version}/{file}", Get);

    private IResult Get(string version, string file, HttpResponse response)
    {
        if (!_files.TryGetValue(file, out var bytes)) return Results.NotFound();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = version == _version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(bytes, Path.GetExtension(file) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "text/plain; charset=utf-8",
        });
    }

    private static FrozenDictionary<string, byte[]> Read(string prefix)
    {
        var assembly = typeof(EmbeddedAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[prefix.Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return bytes;
            },
            StringComparer.Ordinal);
    }
}
