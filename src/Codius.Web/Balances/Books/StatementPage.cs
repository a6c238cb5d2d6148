namespace Codius.Web.Balances.Books;

/// <summary>A page of a statement.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Next">The cursor of the next page; null if this is the last.</param>
internal sealed record StatementPage(IReadOnlyList<StatementEntry> Entries, string? Next);
