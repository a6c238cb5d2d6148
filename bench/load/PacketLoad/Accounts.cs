using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Receiving;

namespace PacketLoad;

/// <summary>The accounts of the gateway that is measured: what payers would get from its payment pointers.</summary>
internal static class Accounts
{
    /// <summary>The gateway's <c>Host:Secret</c>, 32 bytes in base64; it keeps play money.</summary>
    public const string HostSecret = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    public static HostSecret Secret { get; } = new(Convert.FromBase64String(HostSecret));

    public static string NameOf(int account) => AccountId.OfDeployToken($"load-{account}").ToString();

    public static void WriteCredentials(int count)
    {
        var receiver = new StreamReceiver(new StreamReceiverOptions
        {
            Address = IlpAddress.Parse("test.codius"),
            AssetCode = "XYZ",
            AssetScale = 9,
            Secret = new StreamServerSecret(Secret.KeyId, Secret.Derive("stream receiver", StreamServerSecret.Length)),
        });
        for (var account = 0; account < count; account++)
        {
            var ends = TimeProvider.System.GetUtcNow().AddHours(1);
            var me = receiver.Create(new StreamTokenClaims { AccountId = NameOf(account), ExpiresAt = ends });
            Console.WriteLine(
                JsonSerializer.Serialize(new { address = me.DestinationAccount.ToString(), secret = me.SharedSecret.ToBase64() }));
        }
    }

    public static async Task<ulong> SumAsync(Uri url, int count)
    {
        using var http = new HttpClient { BaseAddress = url };
        var sum = 0UL;
        for (var account = 0; account < count; account++)
        {
            using var answer = await http.GetAsync(new Uri($"/balances/{NameOf(account)}", UriKind.Relative));
            if (answer.IsSuccessStatusCode) sum += ulong.Parse(await answer.Content.ReadAsStringAsync(), null);
        }
        return sum;
    }
}
