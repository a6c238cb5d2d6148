using System.Globalization;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances.Books;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>Which entries of a statement a request wants.</summary>
internal sealed record FilterModel(
    [FromQuery(Name = "way")] string? Way, [FromQuery(Name = "kind")] string? Kind, [FromQuery(Name = "from")] DateTimeOffset? From,
    [FromQuery(Name = "until")] DateTimeOffset? Until, TimeProvider Time)
{
    private static readonly string[] Ways = ["stream", "receipt", "wallet", "connector"];
    private static readonly StatementKind[] Kinds = Enum.GetValues<StatementKind>();

    /// <summary>The filter; null with what is wrong.</summary>
    public StatementFilter? Read(out ApiProblem? wrong)
    {
        StatementKind? kind = Kinds.Cast<StatementKind?>().FirstOrDefault(each => StatementCsv.KindName(each!.Value) == Kind);
        wrong = Way is not null && !Ways.Contains(Way) ? ApiProblem.Bad("way", $"way must be one of {string.Join(", ", Ways)}.")
            : Kind is not null && kind is null
                ? ApiProblem.Bad("kind", $"kind must be one of {string.Join(", ", Kinds.Select(StatementCsv.KindName))}.")
            : !TimeRange.IsGood(From, Until, Time.GetUtcNow()) ? TimeRange.Bad
            : null;
        return wrong is null ? new StatementFilter(Way, kind, From, Until) : null;
    }

    /// <summary>The same as a part of a query.</summary>
    public string ToQuery() =>
        string.Concat(Part("way", Way), Part("kind", Kind), Part("from", Text(From)), Part("until", Text(Until)));

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
