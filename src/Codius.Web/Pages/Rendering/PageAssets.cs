using Codius.Web.Hosting.Rates;

namespace Codius.Web.Pages.Rendering;

/// <summary>The pages' style sheet and scripts, served at URLs reserved for the gateway.</summary>
internal static class PageAssets
{
    private static readonly EmbeddedAssets Assets = new("Codius.Web.Pages.Assets.", "/.well-known/codius/assets");

    public static string UrlOf(string file) => Assets.UrlOf(file);

    public static IEndpointRouteBuilder MapPageAssets(this IEndpointRouteBuilder endpoints)
    {
        Assets.Map(endpoints).WithoutRate("bytes in memory, which browsers keep for good; a page needs several at once");
        return endpoints;
    }
}
