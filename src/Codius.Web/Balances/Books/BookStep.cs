namespace Codius.Web.Balances.Books;

/// <summary>How long a line of the books is; hours and days are those of UTC.</summary>
internal enum BookStep
{
    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,
}
