using Codius.Web.Hosting;

namespace Codius.Web.Pages.Rendering;

/// <summary>An amount as a page shows it: decimal text and code; scripts rewrite it in the reader's notation.</summary>
public sealed record Money(string Text, string Code)
{
    internal static Money Of(ulong units, Asset asset) => new(asset.Format(units), asset.Code);

    public override string ToString() => $"{Text} {Code}";
}
