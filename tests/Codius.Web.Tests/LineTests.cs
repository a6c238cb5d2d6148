using Codius.Testing;

namespace Codius.Web.Tests;

/// <summary>Lines fit on a screen: <c>.editorconfig</c>'s limit of their length holds.</summary>
public sealed class LineTests
{
    private const int Columns = 140;

    private static readonly string[] CodeFolders = ["src", "tests", "samples", "bench"];
    private static readonly string[] CodeEndings = [".cs", ".razor", ".lua", ".mjs", ".js", ".css", ".sh"];
    private static readonly string[] Foreign = ["node_modules", "uplot", "obj", "bin", "artifacts"];

    [Fact]
    public void The_editor_is_told_the_same() =>
        Assert.Contains($"max_line_length = {Columns}", File.ReadLines(Path.Combine(Repository.Root, ".editorconfig")));

    [Fact]
    public void No_line_of_code_is_longer_but_for_JSON_that_a_test_quotes() =>
        Assert.Empty(
            from folder in CodeFolders
            from file in FilesUnder(Path.Combine(Repository.Root, folder))
            where CodeEndings.Contains(Path.GetExtension(file))
            from tooLong in TooLong(file, line => !IsQuotedJson(folder, line))
            select tooLong);

    [Fact]
    public void No_line_of_text_is_longer_but_for_tables_and_what_went_over_the_wire() =>
        Assert.Empty(
            from file in FilesUnder(Repository.Root)
            where Path.GetExtension(file) == ".md"
            let transcribed = Path.GetFileName(file) == "paying.md" ? Blocks(file) : []
            from tooLong in TooLong(file, line => !line.StartsWith('|') && !transcribed.Contains(line))
            select tooLong);

    // A test quotes a document as it goes over the wire, in a raw string literal.
    private static bool IsQuotedJson(string folder, string line) =>
        folder == "tests" && (line.Contains("\"\"\"", StringComparison.Ordinal) || line.TrimStart() is ['{' or '"', ..]);

    // The page about paying is written by its test: blocks are there as they were sent.
    private static HashSet<string> Blocks(string file) =>
        [.. File.ReadAllText(file).Split("```").Where((_, part) => part % 2 == 1).SelectMany(block => block.Split('\n'))];

    private static IEnumerable<string> FilesUnder(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(inner => !Foreign.Contains(Path.GetFileName(inner)) && !Path.GetFileName(inner).StartsWith('.'))
                .SelectMany(FilesUnder));

    private static IEnumerable<string> TooLong(string file, Func<string, bool> counts) =>
        File.ReadLines(file).Index()
            .Where(line => line.Item.Length > Columns && counts(line.Item))
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}: {line.Item.Length}");
}
