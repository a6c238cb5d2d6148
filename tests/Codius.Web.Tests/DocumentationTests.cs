using System.Text.RegularExpressions;
using Codius.Testing;

namespace Codius.Web.Tests;

/// <summary>What README and docs name is there: files, links, settings. Texts that nobody checks are wrong within a month.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Folders = ["src", "tests", "deploy", "docs", "samples", "bench"];

    public static TheoryData<string> Texts =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Prepend(Path.Combine(Repository.Root, "README.md")).Select(file => Path.GetRelativePath(Repository.Root, file))];

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

    private static string Read(string text) => File.ReadAllText(Path.Combine(Repository.Root, text));

    // Commands make files and folders of their own.
    private static string WithoutBlocks(string text) => Block().Replace(Read(text), "");

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    [GeneratedRegex(@"`([A-Za-z0-9_./-]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+(?:(?::|__)[A-Za-z0-9]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();

    [GeneratedRegex("^```.*?^```", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
