namespace Codius.Web.Balances.Books;

/// <summary>What was booked within an hour or a day.</summary>
/// <param name="Start">When it begins, in UTC.</param>
/// <param name="Totals">What was booked in it.</param>
internal sealed record BookLine(DateTimeOffset Start, BookTotals Totals);
