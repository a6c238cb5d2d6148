using System.Runtime.CompilerServices;
using Interledger.Net.AspNetCore;
using PublicApiGenerator;

namespace Interledger.Net.Tests.PublicApi;

/// <summary>
/// The public API is recorded beside this test; a change of it is a decision, made with <c>APPROVE_PUBLIC_API=1</c> and visible in the
/// diff.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(typeof(WireError))]
    [InlineData(typeof(IlpOverHttpEndpoint))]
    public void The_public_API_is_what_was_approved(Type inAssembly)
    {
        var assembly = inAssembly.Assembly;
        var actual = assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n") + "\n";
        var approved = Path.Combine(Folder(), $"{assembly.GetName().Name}.approved.txt");
        if (Environment.GetEnvironmentVariable("APPROVE_PUBLIC_API") == "1")
            File.WriteAllText(approved, actual);

        Assert.Equal(File.ReadAllText(approved), actual);
    }

    [Fact]
    public void The_library_references_nothing_but_the_base_class_library() =>
        Assert.All(typeof(WireError).Assembly.GetReferencedAssemblies(), reference =>
            Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
