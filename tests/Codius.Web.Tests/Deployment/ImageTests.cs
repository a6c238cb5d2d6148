using System.Text.RegularExpressions;
using System.Xml.Linq;
using Codius.Testing;

namespace Codius.Web.Tests.Deployment;

/// <summary>The Dockerfile, read: what it copies before it restores, what it builds, and what the image says of itself.</summary>
public sealed partial class ImageTests
{
    private const string LockFile = "packages.image.lock.json";

    private static readonly string[] Instructions =
        [.. Continued().Replace(Read("Dockerfile"), " ").Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    private static readonly string Restore = Assert.Single(Instructions, line => line.Contains("dotnet restore", StringComparison.Ordinal));

    private static readonly string Publish = Assert.Single(Instructions, line => line.Contains("dotnet publish", StringComparison.Ordinal));

    private static string[] CopiedBeforeRestore =>
        [.. Instructions.TakeWhile(line => line != Restore).SelectMany(SourcesOf)];

    [Fact]
    public void What_decides_about_packages_is_there_before_it_restores_and_no_source_is()
    {
        string[] ofRoot = ["global.json", "Directory.Build.props",
            "Directory.Build.targets", "Directory.Packages.props", "BannedSymbols.txt"];
        var ofProjects = ProjectsFrom("src/Codius.Web/Codius.Web.csproj")
            .SelectMany(project => new[] { project, $"{Path.GetDirectoryName(project)}/{LockFile}" });

        Assert.Equal([.. ofRoot.Append("src/Package.props").Concat(ofProjects).Order()], CopiedBeforeRestore.Order());
    }

    [Fact]
    public void Each_file_it_copies_exists_and_is_not_ignored()
    {
        var allowed = Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!'))
            .Select(line => line[1..].Replace("*", "", StringComparison.Ordinal));
        var sources = Instructions.SelectMany(SourcesOf).ToList();

        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source));
        Assert.All(sources, source => Assert.Contains(allowed, prefix => source.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Fact]
    public void It_restores_in_locked_mode_and_builds_what_it_restored()
    {
        Assert.Contains("--locked-mode $FOR_IMAGE", Restore, StringComparison.Ordinal);
        Assert.Contains("--no-restore", Publish, StringComparison.Ordinal);
        Assert.EndsWith("$FOR_IMAGE", Publish, StringComparison.Ordinal);
        var properties = Assert.Single(Instructions, line => line.StartsWith("ARG FOR_IMAGE=", StringComparison.Ordinal));
        Assert.Contains("-p:WithEmbeddedRedis=false -p:WithSandbox=false", properties, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_labels_say_what_the_build_says()
    {
        var labels = Label().Matches(Assert.Single(Instructions, line => line.StartsWith("LABEL ", StringComparison.Ordinal)))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var build = XDocument.Parse(Read("Directory.Build.props")).Descendants("PropertyGroup").Elements()
            .ToLookup(element => element.Name.LocalName, element => element.Value);

        Assert.Equal(build["PackageLicenseExpression"].Single(), labels["licenses"]);
        Assert.Equal(build["Authors"].Single(), labels["vendor"]);
        Assert.Equal(build["RepositoryUrl"].Single(), labels["source"]);
        Assert.StartsWith(labels["source"], labels["documentation"], StringComparison.Ordinal);
        Assert.Equal(("$VERSION", "$REVISION"), (labels["version"], labels["revision"]));
        Assert.Contains($"ARG VERSION={build["Version"].Single()}", Instructions);
        Assert.All(["title", "description", "url"], name => Assert.NotEmpty(labels[name]));
    }

    [Fact]
    public void Every_project_has_a_lock_file_and_none_names_a_registry()
    {
        var projects = SolutionProject().Matches(Read("Codius.Web.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/')).ToList();
        var locks = projects.Select(project => $"{Path.GetDirectoryName(project)}/packages.lock.json")
            .Concat(ProjectsFrom("src/Codius.Web/Codius.Web.csproj").Select(project => $"{Path.GetDirectoryName(project)}/{LockFile}"));

        Assert.NotEmpty(projects);
        Assert.All(locks, file => Assert.DoesNotContain("://", Read(file), StringComparison.Ordinal));
    }

    // Without what the image leaves out: those references have a condition.
    private static HashSet<string> ProjectsFrom(string project)
    {
        HashSet<string> found = [project];
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;
        foreach (var reference in XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference"))
        {
            if (reference.Attribute("Condition") is not null || reference.Parent!.Attribute("Condition") is not null) continue;
            var path = Path.GetRelativePath(Repository.Root, Path.GetFullPath(reference.Attribute("Include")!.Value, folder));
            found.UnionWith(ProjectsFrom(path));
        }
        return found;
    }

    private static IEnumerable<string> SourcesOf(string instruction) =>
        instruction.StartsWith("COPY ", StringComparison.Ordinal) && !instruction.Contains("--from=", StringComparison.Ordinal)
            ? instruction.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]
            : [];

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex("org\\.opencontainers\\.image\\.([a-z]+)=\"([^\"]*)\"")]
    private static partial Regex Label();

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex SolutionProject();
}
