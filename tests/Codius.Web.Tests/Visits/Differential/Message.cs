namespace Codius.Web.Tests.Visits.Differential;

/// <summary>A header or a trailer as it was on the wire; each character is one byte.</summary>
internal sealed record Field(string Name, string Value)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Name}: {Value}";
}

/// <summary>Looks headers up by name.</summary>
internal static class Fields
{
    public static string? Find(this IEnumerable<Field> fields, string name) => fields.FirstOrDefault(field => field.Is(name))?.Value;

    public static bool Has(this IEnumerable<Field> fields, string name) => fields.Find(name) is not null;
}

/// <summary>A request or an answer as it was read from the wire; each character is one byte.</summary>
/// <param name="Start">Method and target, or status and reason.</param>
/// <param name="Fields">The headers in their order.</param>
/// <param name="Body">Without its framing.</param>
/// <param name="Trailers">The trailers in their order.</param>
/// <param name="Whole">False if the connection ended before the body did.</param>
internal sealed record Message(string Start, IReadOnlyList<Field> Fields, string Body, IReadOnlyList<Field> Trailers, bool Whole)
{
    public string? this[string name] => Fields.Find(name);

    /// <summary>Interim answers that came before this one, by their status.</summary>
    public IReadOnlyList<string> Interim { get; init; } = [];
}
