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
            "$shop.example", new Uri(url, "/ilp"), new SpspClientOptions { Resolve = pointer => new Uri(url, pointer.Path) }, TestContext.Current.CancellationToken);

        Assert.Equal((PaymentEnding.Completed, 1_000_000UL), (result.Ending, result.Delivered));
        Assert.Equal(1_000_000UL, balances["alice"]);

        bool Credit(string account, ulong amount)
        {
            lock (balances) balances[account] = balances.GetValueOrDefault(account) + amount;
            return true;
        }
    }

    [Theory]
    [InlineData("BePaid.cs")]
    [InlineData("Pay.cs")]
    public void The_README_shows_the_example_that_runs(string file)
    {
        var folder = Path.GetDirectoryName(ThisFile())!;
        var example = Example().Match(File.ReadAllText(Path.Combine(folder, file))).Groups["code"].Value;
        var code = string.Join('\n', example.Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim()));
        var readme = File.ReadAllText(Path.Combine(folder, "../../../src/Interledger.Net/README.md"));
        Assert.Contains($"```csharp\n{code.Trim()}\n```", readme, StringComparison.Ordinal);
        Assert.InRange(code.Trim().Split('\n').Length, 1, 26);
    }

    [Fact]
    public void The_README_names_folders_that_exist()
    {
        var library = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src/Interledger.Net");
        var names = Row().Matches(File.ReadAllText(Path.Combine(library, "README.md"))).SelectMany(row => row.Groups["name"].Captures).Select(name => name.Value).ToList();
        Assert.Equal(10, names.Count);
        Assert.All(names, name => Assert.True(Directory.Exists(Path.Combine(library, name.Replace('.', '/'))), name));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"// <example>\n(?<code>.*?)\n *// </example>", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| [^|]+\|(?: `(?<name>[A-Za-z.]+)`,?)+ \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
