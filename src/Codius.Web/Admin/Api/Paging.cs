namespace Codius.Web.Admin.Api;

/// <summary>A part of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The sizes of pages.</summary>
internal static class Paging
{
    public const int MostSize = 200;
    private const int UsualSize = 50;

    /// <summary>The size of a page; null if it is out of range.</summary>
    public static int? SizeOf(int? given) => (given ?? UsualSize) is >= 1 and <= MostSize and var size ? size : null;
}
