using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Interledger.Net.Tests.Readme;

/// <summary>The README's two examples are these files, word for word, and one pays the other.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_one_who_pays_pays_the_one_who_is_paid()
    {
        var balances = new Dictionary<string, ulong>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var shop = BePaid.Build(builder, Credit);
        await shop.StartAsync(TestContext.Current.CancellationToken);
        var url = new Uri(shop.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        var result = await Pay.RunAsync(
            "$shop.example", new Uri(url, "/ilp"), new SpspClientOptions { Resolve = pointer => new Uri(url, pointer.Path) },
            TestContext.Current.CancellationToken);

        Assert.Equal((PaymentEnding.Completed, 1_000_000UL), (result.Ending, result.Delivered));
        Assert.Equal(1_000_000UL, balances["alice"]);

        bool Credit(string account, ulong amount)
        {
            lock (balances) balances[account] = balances.GetValueOrDefault(account) + amount;
            return true;
        }
    }

    [Theory]
    [InlineData("Interledger.Net", "BePaid.cs")]
    [InlineData("Interledger.Net", "Pay.cs")]
    [InlineData("Interledger.Net.AspNetCore", "BePaid.cs")]
    public void The_README_shows_the_example_that_runs_and_its_usings(string package, string file)
    {
        var source = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, file));
        var usings = string.Concat(
            source.Split('\n').TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal)).Select(line => line + "\n"));
        var example = Example().Match(source).Groups["code"].Value;
        var code = string.Join('\n', example.Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim()));

        Assert.Contains($"```csharp\n{usings}\n{code.Trim()}\n```", ReadmeOf(package), StringComparison.Ordinal);
        Assert.InRange(code.Trim().Split('\n').Length, 1, 26);
    }

    [Theory]
    [InlineData("Interledger.Net")]
    [InlineData("Interledger.Net.AspNetCore")]
    public void The_README_says_how_the_package_is_installed(string package) =>
        Assert.Contains($"```sh\ndotnet add package {package}\n```", ReadmeOf(package), StringComparison.Ordinal);

    [Fact]
    public void The_README_names_folders_that_exist()
    {
        var library = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src/Interledger.Net");
        var names = Row().Matches(ReadmeOf("Interledger.Net"))
            .SelectMany(row => row.Groups["name"].Captures).Select(name => name.Value).ToList();
        Assert.Equal(10, names.Count);
        Assert.All(names, name => Assert.True(Directory.Exists(Path.Combine(library, name.Replace('.', '/'))), name));
    }

    private static string ReadmeOf(string package) =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src", package, "README.md"));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"// <example>\n(?<code>.*?)\n *// </example>", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| [^|]+\|(?: `(?<name>[A-Za-z.]+)`,?)+ \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
