using System.Globalization;
using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments;
using Interledger.Net.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>The commands in docs/owner-api.md, sent as they are there.</summary>
public sealed partial class OwnerApiExamplesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_of_the_page_about_the_API_works_in_its_order()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        await PrepareAsync(gateway);
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/owner-api.md"), Stop);
        var commands = string.Concat(Block().Matches(text).Select(block => block.Groups[1].Value))
            .Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(line => line.StartsWith("curl ", StringComparison.Ordinal));
        var sent = 0;
        foreach (var command in commands)
        {
            var url = Url().Match(command).Groups[1].Value;
            var body = Body().Match(command) is { Success: true } match ? match.Groups[1].Value : null;
            var key = Key().Match(command) is { Success: true } header ? header.Groups[1].Value : null;
            var soon = TimeProvider.System.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

            var answer = body is null
                ? await owner.GetAsync(url)
                : await owner.PostAsync(url, body.Replace("2027-01-31", soon, StringComparison.Ordinal), key);

            Assert.True(answer.Status is >= 200 and < 300, $"{command}: {answer.Status} {answer.Text}");
            sent++;
        }
        Assert.True(sent >= 6, $"only {sent} commands were found");
    }

    /// <summary>An app that has spent something, and a connector that owes something.</summary>
    private static async Task PrepareAsync(PayableGateway gateway)
    {
        gateway.Deploy("hello");
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync("hello"));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(2_000_000_000)));
        await gateway.Services.GetRequiredService<IBalanceLedger>().SpendAsync(AccountId.OfApp("hello"), 1_000_000, Stop);
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("""\$api([^\s"]+)""")]
    private static partial Regex Url();

    [GeneratedRegex("-d '([^']+)'")]
    private static partial Regex Body();

    [GeneratedRegex("'Idempotency-Key: ([^']+)'")]
    private static partial Regex Key();
}
