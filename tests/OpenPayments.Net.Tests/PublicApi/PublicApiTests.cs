using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace OpenPayments.Net.Tests.PublicApi;

/// <summary>
/// What others may call is written down beside this test; a change of it is a decision, made with <c>APPROVE_PUBLIC_API=1</c> and seen in
/// the diff.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string Actual =
        typeof(OpenPaymentsOptions).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n") + "\n";

    [Fact]
    public void The_public_API_is_what_was_approved()
    {
        var approved = Path.Combine(Folder(), "OpenPayments.Net.approved.txt");
        if (Environment.GetEnvironmentVariable("APPROVE_PUBLIC_API") == "1") File.WriteAllText(approved, Actual);

        Assert.Equal(File.ReadAllText(approved), Actual);
    }

    [Fact]
    public void No_type_of_another_library_is_in_it() => Assert.DoesNotContain("NSec", Actual, StringComparison.Ordinal);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
