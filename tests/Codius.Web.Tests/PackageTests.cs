using System.Diagnostics;
using System.Text.Json;
using Codius.Testing;

namespace Codius.Web.Tests;

/// <summary>The projects that <c>dotnet pack</c> packs, and each package's metadata: properties as MSBuild evaluates them.</summary>
public sealed class PackageTests
{
    private static readonly string[] Packages = ["Interledger.Net", "Interledger.Net.AspNetCore", "OpenPayments.Net"];

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateFiles(Repository.Source, "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task The_libraries_are_packages_and_nothing_else_is(string project)
    {
        var found = await EvaluateAsync(project, "IsPackable", "PackageId");

        Assert.Equal((Packages.Contains(project), project), (found["IsPackable"] == "true", found["PackageId"]));
    }

    [Theory]
    [InlineData("Interledger.Net")]
    [InlineData("Interledger.Net.AspNetCore")]
    [InlineData("OpenPayments.Net")]
    public async Task A_package_says_what_it_is_where_it_comes_from_and_brings_its_symbols(string project)
    {
        var found = await EvaluateAsync(
            project, "Description", "PackageTags", "PackageLicenseExpression", "PackageReadmeFile", "PackageProjectUrl",
            "RepositoryUrl", "RepositoryType", "PublishRepositoryUrl", "IncludeSymbols", "SymbolPackageFormat", "EnableSourceLink");

        Assert.All(["Description", "PackageTags"], name => Assert.NotEmpty(found[name]));
        Assert.Equal("Apache-2.0", found["PackageLicenseExpression"]);
        Assert.Equal("https", new Uri(found["RepositoryUrl"]).Scheme);
        Assert.Equal((found["RepositoryUrl"], "git"), (found["PackageProjectUrl"], found["RepositoryType"]));
        Assert.Equal(("true", "snupkg"), (found["IncludeSymbols"], found["SymbolPackageFormat"]));
        Assert.Equal(("true", "true"), (found["PublishRepositoryUrl"], found["EnableSourceLink"]));
        Assert.True(File.Exists(Path.Combine(Repository.Source, project, found["PackageReadmeFile"])));
    }

    private static async Task<IReadOnlyDictionary<string, string>> EvaluateAsync(string project, params string[] properties)
    {
        var file = Path.Combine(Repository.Source, project, project + ".csproj");
        var start = new ProcessStartInfo(
            "dotnet", ["msbuild", file, $"-getProperty:{string.Join(',', properties)}"])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return JsonDocument.Parse(output).RootElement.GetProperty("Properties").Deserialize<Dictionary<string, string>>()!;
    }
}
