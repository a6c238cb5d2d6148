using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Codius.Sandbox.Money;
using Codius.Sandbox.Paying;
using Codius.Testing;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;

namespace Codius.Web.Tests.Sandbox;

/// <summary>The host's wallet of the sandbox: an ordinary Open Payments wallet, and SPSP with receipts at the same URL.</summary>
public sealed class HostWalletTests
{
    private const ulong Units = 50_000_001;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_paid_on_an_incoming_payment_that_a_client_made_and_its_page_shows_it()
    {
        await using var sandbox = await SandboxUnderTest.StartAsync();
        var payment = await sandbox.CreatePaymentAsync(sandbox.HostWallet, Units);

        await PayAsync(sandbox, payment);

        Assert.Equal((PaymentState.Done, Units), (sandbox.Store.History.All[0].State, sandbox.Store.History.All[0].Sent));
        Assert.Equal(Units, sandbox.Store.Books.BalanceOf(Holder.Host));
        var kept = Assert.Single(sandbox.Store.HostPayments.All);
        Assert.Equal((Units, true), (kept.ReceivedAmount, kept.Completed));
        Assert.Contains($"\"receivedAmount\":{{\"value\":\"{Units}\"", await sandbox.Browser.GetStringAsync(payment, Stop),
            StringComparison.Ordinal);
        var page = await sandbox.Browser.GetStringAsync(sandbox.HostWallet + "/payments", Stop);
        Assert.Contains("id=\"received\">0.050000001 USD<", page, StringComparison.Ordinal);
        Assert.Contains("completed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_of_a_hosts_wallet_makes_reads_and_completes_payments_there()
    {
        await using var sandbox = await SandboxUnderTest.StartAsync();
        var client = sandbox.Receiving;
        var wallet = (await client.LookUpAsync(sandbox.HostWallet, Stop)).GetValueOrThrow();
        Assert.Equal(("USD", 9), (wallet.AssetCode, wallet.AssetScale));
        var made = (await client.CreateAsync(wallet, new NewReceivingPayment(
            null, TimeProvider.System.GetUtcNow().AddHours(1), new JsonObject { ["account"] = "hello" }), Stop)).GetValueOrThrow();

        await SendAsync(7);
        await SendAsync(5);

        Assert.Equal(12UL, (await client.ReadAsync(wallet, made.Url, Stop)).GetValueOrThrow().ReceivedAmount);
        var completed = (await client.CompleteAsync(wallet, made.Url, Stop)).GetValueOrThrow();
        Assert.Equal((12UL, true), (completed.ReceivedAmount, completed.Completed));
        Assert.Equal(0UL, await SendAsync(3));
        Assert.Equal(12UL, (await client.ReadAsync(wallet, made.Url, Stop)).GetValueOrThrow().ReceivedAmount);
        var page = await sandbox.Browser.GetStringAsync(sandbox.HostWallet + "/payments", Stop);
        Assert.Contains("{\"account\":\"hello\"}", WebUtility.HtmlDecode(page), StringComparison.Ordinal);

        Task<ulong> SendAsync(ulong units) => sandbox.SendAsync(made.Method!.IlpAddress, made.Method.SharedSecret, units);
    }

    [Fact]
    public async Task What_a_payment_received_is_still_known_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await SandboxUnderTest.StartAsync(folder.Path))
            await PayAsync(first, await first.CreatePaymentAsync(first.HostWallet, Units));

        await using var second = await SandboxUnderTest.StartAsync(folder.Path);

        Assert.Equal(Units, Assert.Single(second.Store.HostPayments.All).ReceivedAmount);
    }

    [Fact]
    public async Task A_state_file_of_before_it_had_incoming_payments_is_read()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "sandbox.json"),
            $$"""{"balances":{"visitor":"77","gateway":"1"},"history":[],"secret":"{{Convert.ToBase64String(new byte[32])}}"}""", Stop);

        await using var sandbox = await SandboxUnderTest.StartAsync(folder.Path);

        Assert.Equal(77UL, sandbox.Store.Books.BalanceOf(Holder.Visitor));
        Assert.Empty(sandbox.Store.HostPayments.All);
    }

    [Fact]
    public async Task It_answers_SPSP_with_receipts_at_the_same_URL()
    {
        await using var sandbox = await SandboxUnderTest.StartAsync();
        using var query = new HttpRequestMessage(HttpMethod.Get, sandbox.HostWallet);
        query.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(SpspResponse.MediaType));
        query.Headers.Add(ReceiptSetup.NonceHeader, Convert.ToBase64String(new byte[16]));
        query.Headers.Add(ReceiptSetup.SecretHeader, Convert.ToBase64String(new byte[32]));

        using var answer = await sandbox.Browser.SendAsync(query, Stop);

        Assert.Equal(SpspResponse.MediaType, answer.Content.Headers.ContentType?.MediaType);
        Assert.True(SpspResponse.TryParse(await answer.Content.ReadAsByteArrayAsync(Stop), out var credentials, out _));
        Assert.True(credentials.ReceiptsEnabled);

        query.Dispose();
        using var half = new HttpRequestMessage(HttpMethod.Get, sandbox.HostWallet);
        half.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(SpspResponse.MediaType));
        half.Headers.Add(ReceiptSetup.NonceHeader, Convert.ToBase64String(new byte[16]));
        using var refused = await sandbox.Browser.SendAsync(half, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static async Task PayAsync(SandboxUnderTest sandbox, string payment)
    {
        var asked = await sandbox.AskAsync(payment);
        var reference = await sandbox.AcceptAsync(asked);
        var token = (await sandbox.Client.FetchGrantAsync(asked.Pending, reference, Stop)).GetValueOrThrow();
        Assert.Equal(WalletFault.None,
            (await sandbox.Client.PayAsync(asked.Wallet.ResourceServer, asked.Wallet.Id, asked.Quote.Id, token, Stop)).Fault);
        await sandbox.PaidAsync();
    }
}
