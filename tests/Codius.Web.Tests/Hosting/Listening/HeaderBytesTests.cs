using System.Net;
using System.Text;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Hosting.Listening;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Hosting.Listening;

/// <summary>What the gateway's own endpoints read from headers is UTF-8, though bytes above ASCII pass to apps unread.</summary>
public sealed class HeaderBytesTests
{
    private const string Admin = "ein längeres Passwort für die Verwaltung";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("JosÃ©", "José")]
    [InlineData("José", "José")]
    [InlineData("Ã¼ and ü", "Ã¼ and ü")]
    public void Values_that_are_UTF8_are_read_so_and_others_stay(string arrived, string read)
    {
        var headers = new HeaderDictionary { ["One"] = arrived, ["Two"] = new(["plain", arrived]), ["None"] = default };

        HeaderBytes.ReadAsUtf8(headers);

        Assert.Equal(read, headers["One"]);
        Assert.Equal(["plain", read], headers["Two"].ToArray());
    }

    [Fact]
    public void A_character_that_is_no_byte_is_never_written_as_one_that_looks_like_it() =>
        Assert.Equal([.. "?????? "u8, 0xE9], HeaderBytes.Encoding.GetBytes("ｃｏｄｉｕｓ é"));

    [Fact]
    public async Task An_admin_token_with_letters_above_ASCII_is_known()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([$"Admin:Token={Admin}"]);
        using var client = new HttpClient(GatewayUnderTest.Handler(gateway.ManagementPort));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, Encoding.UTF8));
        // As a browser's script sends them: one byte a letter.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, Encoding.Latin1));
    }

    [Fact]
    public async Task A_deploy_token_with_letters_above_ASCII_has_the_account_of_its_UTF8()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{GatewayUnderTest.Domain}/services/mine");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Bytes("größer-als-die-anderen", Encoding.UTF8));
        request.Content = new StringContent("""{"spec":{"containers":[{"name":"web","image":"hello"}]}}""");

        var answer = await gateway.Client().SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        var account = AccountId.OfDeployToken("größer-als-die-anderen");
        Assert.Contains($"/pay/{account}", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Encoding encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/admin/connectors");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Bytes(Admin, encoding));
        return (await client.SendAsync(request, Stop)).StatusCode;
    }

    private static string Bytes(string text, Encoding encoding) => Encoding.Latin1.GetString(encoding.GetBytes(text));
}
