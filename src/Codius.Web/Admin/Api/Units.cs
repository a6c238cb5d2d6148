using System.Globalization;

namespace Codius.Web.Admin.Api;

/// <summary>Amounts by which a list is filtered.</summary>
internal static class Units
{
    public static ApiProblem Bad(string name) => ApiProblem.Bad(name, $"{name} must be whole units, 0 to {ulong.MaxValue}.");

    /// <summary>Parses an amount; null for none that is given. False if it is none.</summary>
    public static bool TryRead(string? text, out ulong? units)
    {
        units = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : null;
        return text is null || units is not null;
    }
}
