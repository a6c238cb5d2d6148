namespace Codius.Web.Admin.Dashboard.Tokens;

/// <summary>The form of a new admin token, or the token that was made.</summary>
/// <param name="Name">What was filled in.</param>
/// <param name="Scopes">The chosen scopes.</param>
/// <param name="Days">For how many days.</param>
/// <param name="Reason">Why.</param>
public sealed record MakeTokenModel(string Name, IReadOnlyList<string> Scopes, int Days, string Reason)
{
    /// <summary>For how many days a token may be made.</summary>
    public static IReadOnlyList<int> Lives { get; } = [1, 7, 30, 90, 365];

    /// <summary>What is wrong, by field; "" for the whole.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>The token; null if none was made. It is shown in this one response.</summary>
    public string? Token { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset Ends { get; init; }

    public bool Has(string scope) => Scopes.Contains(scope);

    public string? ErrorOf(string field) => Errors.GetValueOrDefault(field);
}
