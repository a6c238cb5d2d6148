namespace Codius.Web.Admin.Access;

/// <summary>The admin that a request is from.</summary>
/// <param name="Name">The name of its token.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="From">The client's address; null if not known.</param>
internal sealed record AdminIdentity(string Name, IReadOnlyList<AdminScope> Scopes, string? From)
{
    /// <summary>The name of the token in the settings.</summary>
    public const string OfSettings = "settings";

    /// <summary>When its token ends; null for that of the settings.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Has(AdminScope scope) => Scopes.Contains(scope);

    /// <summary>True if it may do all that another may.</summary>
    public bool HasAll(IEnumerable<AdminScope> scopes) => scopes.All(Has);
}
