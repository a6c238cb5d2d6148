using System.Globalization;
using System.Text.RegularExpressions;
using Codius.Testing;

namespace Codius.Web.Tests;

/// <summary>The needs in docs/scale.md follow from the costs there, by its formulas.</summary>
public sealed partial class ScalePageTests
{
    private readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "scale.md"));

    [Fact]
    public void What_it_says_a_host_needs_is_what_its_costs_come_to()
    {
        foreach (var row in Rows("needs"))
        {
            var formula = row[1].Trim('`');
            Assert.Equal($"{row[0]}: {Text(Value(formula))}", $"{row[0]}: {row[2].Replace("**", "", StringComparison.Ordinal)}");
        }
    }

    [Fact]
    public void Each_cost_names_its_command() => Assert.All(Rows("costs"), row => Assert.Contains('`', row[3]));

    /// <summary>The rows of the table that follows a heading.</summary>
    private string[][] Rows(string heading)
    {
        var section = _page[_page.IndexOf($"## {char.ToUpperInvariant(heading[0])}{heading[1..]}", StringComparison.Ordinal)..];
        return
        [
            .. section.Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
                .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
    }

    /// <summary>Products and quotients from left to right, in sums.</summary>
    private double Value(string formula) => formula.Split(" + ").Sum(term =>
    {
        var parts = term.Split(' ');
        var value = Operand(parts[0]);
        for (var i = 1; i < parts.Length; i += 2) value = parts[i] == "*" ? value * Operand(parts[i + 1]) : value / Operand(parts[i + 1]);
        return value;
    });

    private double Operand(string text)
    {
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var number)) return number;
        var row = Rows("costs").Concat(Rows("load")).FirstOrDefault(row => row[0] == $"`{text}`");
        if (row is not null) return double.Parse(Leading().Match(row[2]).Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        return Value(Rows("needs").First(row => row[0].EndsWith($"`{text}`", StringComparison.Ordinal))[1].Trim('`'));
    }

    private static string Text(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[0-9.,]+")]
    private static partial Regex Leading();
}
