using System.Globalization;
using System.Text;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Api;

/// <summary>Writes a statement as CSV (RFC 4180), each cell in quotes.</summary>
internal static class StatementCsv
{
    public static byte[] Write(IEnumerable<StatementEntry> entries, Asset asset)
    {
        var text = new StringBuilder();
        Row(text, "at", "last", "kind", "units", "amount", "asset", "way", "reference", "payer", "reason", "by", "id");
        foreach (var entry in entries)
        {
            Row(text, Time(entry.At), Time(entry.Last), KindName(entry.Kind), entry.Amount.ToString(CultureInfo.InvariantCulture),
                asset.Format(entry.Amount), asset.Code, entry.Way, entry.Reference, entry.Payer, entry.Reason, entry.By, entry.Id);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>How the API calls a kind of entry.</summary>
    public static string KindName(StatementKind kind) => JsonNamingPolicyName(kind.ToString());

    private static string JsonNamingPolicyName(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    private static void Row(StringBuilder text, params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) text.Append(',');
            text.Append('"').Append(Harmless(cells[i] ?? "").Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        text.Append("\r\n");
    }

    // Spreadsheets run a cell that begins so as a formula, also in quotes; references and payers are strangers' texts.
    private static string Harmless(string cell) => cell is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + cell : cell;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
