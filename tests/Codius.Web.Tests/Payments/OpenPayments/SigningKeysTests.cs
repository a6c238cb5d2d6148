using System.Text.Json.Nodes;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>After a change of <c>Host:Secret</c> the gateway signs with a key of another name and still publishes the one before.</summary>
public sealed class SigningKeysTests
{
    private const string NewSecret = "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=";

    [Fact]
    public async Task The_key_of_the_previous_secret_is_published_behind_the_current_one()
    {
        var before = Assert.Single(await PublishedAsync());

        var after = await PublishedAsync($"Host:Secret={NewSecret}", $"Host:PreviousSecrets:0={PayableGateway.HostSecret}");

        Assert.Equal(2, after.Length);
        Assert.Equal(before, after[1]);
        Assert.NotEqual((string)JsonNode.Parse(before)!["kid"]!, (string)JsonNode.Parse(after[0])!["kid"]!);
    }

    private static async Task<string[]> PublishedAsync(params string[] settings)
    {
        await using var gateway = await PayableGateway.StartAsync(settings: settings);
        using var answer = await gateway.GetAsync(BareClient.IdOf(gateway, gateway.NewApp()) + "/jwks.json", "application/json");
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return [.. json["keys"]!.AsArray().Select(key => key!.ToJsonString())];
    }
}
