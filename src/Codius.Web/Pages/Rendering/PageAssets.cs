using System.Collections.Frozen;
using System.Security.Cryptography;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Pages.Rendering;

/// <summary>The pages' style sheet and scripts, embedded in the program and served at URLs reserved for the gateway.</summary>
internal static class PageAssets
{
    private const string Prefix = "Codius.Web.Pages.Assets.";

    private static readonly FrozenDictionary<string, byte[]> Files = Read();

    // All files share one version, so that a script finds the modules it imports beside it.
    private static readonly string Version = Convert.ToHexStringLower(
        SHA256.HashData([.. Files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value)]))[..12];

    public static string UrlOf(string file) => $"/.well-known/codius/assets/{Version}/{file}";

    public static IEndpointRouteBuilder MapPageAssets(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/.well-known/codius/assets/{version}/{file}", Get)
            .WithoutRate("bytes in memory, which browsers keep for good; a page needs several at once");
        return endpoints;
    }

    private static IResult Get(string version, string file, HttpResponse response)
    {
        if (!Files.TryGetValue(file, out var bytes)) return Results.NotFound();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = version == Version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(bytes,
            file.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
    }

    private static FrozenDictionary<string, byte[]> Read()
    {
        var assembly = typeof(PageAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[Prefix.Length..],
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
