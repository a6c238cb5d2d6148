using System.Text.RegularExpressions;
using Codius.Testing;

namespace Codius.Web.Tests;

/// <summary>What README and docs name exists: files, links, settings. Texts without a check are wrong within a month.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Folders = ["src", "tests", "deploy", "docs", "samples", "bench"];

    private static readonly string[] WithSteps = ["Apps", "Payments", "Visits", "Deploying"];

    public static TheoryData<string> Texts =>
        [.. Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Every_file_and_folder_it_names_is_there(string text)
    {
        var missing =
            from Match match in Quoted().Matches(WithoutBlocks(text))
            let path = match.Groups[1].Value
            where Folders.Contains(path.Split('/')[0]) && path.Contains('/', StringComparison.Ordinal)
            where !Exists(Path.Combine(Repository.Root, path))
            select path;

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Every_link_to_a_file_leads_to_one(string text)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, text))!;
        var broken =
            from Match match in Link().Matches(Read(text))
            let target = match.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !Exists(Path.Combine(folder, target))
            select target;

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Every_setting_it_names_exists(string text)
    {
        var strange =
            from Match match in Setting().Matches(Read(text))
            let key = match.Value.Replace("__", ":", StringComparison.Ordinal)
            where SettingsFile.Sections.Contains(key.Split(':')[0]) && !SettingsFile.Has(key)
            select match.Value;

        Assert.Empty(strange);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Every_test_it_names_is_there(string text)
    {
        var tests =
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Contract.cs", SearchOption.AllDirectories))
            from Match match in TestMethod().Matches(File.ReadAllText(file))
            select match.Groups[1].Value;

        Assert.Empty(TestName().Matches(WithoutBlocks(text)).Select(match => match.Groups[1].Value).Except(tests));
    }

    [Fact]
    public void Every_type_that_CONTRIBUTING_names_is_declared()
    {
        var sources = string.Concat(
            from folder in Folders
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            select File.ReadAllText(file));
        var declared = Declaration().Matches(sources).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Empty(
            from Match match in TypeName().Matches(WithoutBlocks("CONTRIBUTING.md"))
            let name = match.Groups[1].Value
            where !declared.Contains(name) && Type.GetType($"System.{name}") is null
            select name);
    }

    [Fact]
    public void The_README_maps_every_room()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var gateway = Path.Combine(Repository.Source, "Codius.Web");
        var unnamed =
            from room in RoomsOf(gateway)
            let row = rows.Find(row => row.StartsWith($"| `src/Codius.Web/{room}` |", StringComparison.Ordinal)) ?? ""
            from name in WithSteps.Contains(room) ? RoomsOf(Path.Combine(gateway, room)).Prepend(room) : [room]
            where name == room ? row.Length == 0 : !row.Contains($"`{name}`", StringComparison.Ordinal)
            select name == room ? room : $"{room}/{name}";

        Assert.Empty(unnamed);
    }

    private static IEnumerable<string> RoomsOf(string folder) =>
        Directory.GetDirectories(folder).Select(inner => Path.GetFileName(inner)!).Except(["Properties", "bin", "obj", "wwwroot"]);

    private static string Read(string text) => File.ReadAllText(Path.Combine(Repository.Root, text));

    // Commands create files and folders.
    private static string WithoutBlocks(string text) => Block().Replace(Read(text), "");

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    [GeneratedRegex(@"`([A-Za-z0-9_./-]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    // A word with one capital may not be a type.
    [GeneratedRegex(@"`([A-Z]+[a-z]+[A-Z][A-Za-z]*|I[A-Z][A-Za-z]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex TypeName();

    // Tests are sentences.
    [GeneratedRegex(@"`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+){4,})`", RegexOptions.CultureInvariant)]
    private static partial Regex TestName();

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (\w+)\(", RegexOptions.CultureInvariant)]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"\b(?:class|interface|struct|record|enum) ([A-Z]\w*)", RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+(?:(?::|__)[A-Za-z0-9]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();

    [GeneratedRegex("^```.*?^```", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
