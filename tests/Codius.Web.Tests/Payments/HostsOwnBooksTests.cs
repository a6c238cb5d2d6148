using System.Net;
using Codius.Web.Balances;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments;

/// <summary>The host's own books are accounts in the ledger that no request can name, with whatever token it comes.</summary>
public sealed class HostsOwnBooksTests
{
    private static readonly AccountId Book = AccountId.OfBook("owed-upstream");

    [Theory]
    [InlineData("GET", "/.well-known/codius/balance?account={book}", 400)]
    [InlineData("GET", "/.well-known/codius/events?account={book}", 400)]
    [InlineData("GET", "/balances/{book}", 404)]
    [InlineData("POST", "/balances/{book}:creditReceipt", 404)]
    [InlineData("GET", "/pay/{book}", 404)]
    [InlineData("GET", "/pay/{book}/jwks.json", 404)]
    [InlineData("GET", "/op/{book}/incoming-payments", 404)]
    [InlineData("GET", "/op/{book}/incoming-payments/7b0a1c5e-0000-4000-8000-000000000000", 404)]
    [InlineData("POST", "admin/balances/{book}:spend", 404)]
    public async Task No_request_reads_or_changes_one(string method, string path, int status)
    {
        await using var gateway = await PayableGateway.StartAsync();
        var ledger = gateway.Services.GetRequiredService<IBalanceLedger>();
        await ledger.AdjustAsync(Book, 5_000, "an id", "a test", "a test", TestContext.Current.CancellationToken);
        path = path.Replace("{book}", Book.ToString(), StringComparison.Ordinal);
        var isAdmins = path.StartsWith("admin/", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), isAdmins ? "http://management/" + path["admin/".Length..]
            : gateway.Host + path);
        if (method == "POST") request.Content = new StringContent("1");

        using var answer = await (isAdmins ? gateway.Management : gateway.Http)
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("5000", text, StringComparison.Ordinal);
        Assert.Equal(5_000UL, (await ledger.ReadAsync(Book, TestContext.Current.CancellationToken))!.Value.Funds);
    }

    [Theory]
    [InlineData("-owed-upstream", false)]
    [InlineData("-", false)]
    [InlineData("owed-upstream", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("A", false)]
    public void No_text_from_outside_is_parsed_as_one(string? text, bool good) => Assert.Equal(good, AccountId.TryParse(text, out _));
}
