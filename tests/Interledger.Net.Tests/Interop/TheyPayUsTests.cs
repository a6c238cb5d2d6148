using System.Security.Cryptography;
using System.Text.Json;
using Interledger.Net.AspNetCore;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Interledger.Net.Tests.Interop;

/// <summary>The senders of the JavaScript world pay our receiver, over ILP over HTTP.</summary>
public sealed class TheyPayUsTests
{
    private const string Token = "interop-token";
    private const string StreamClient = "stream-client.mjs";
    private const string Pay = "pay.mjs";

    [Theory]
    [InlineData(Pay, "1")]
    [InlineData(Pay, "1000000")]
    [InlineData(Pay, "9007199254740993")]
    [InlineData(StreamClient, "1")]
    [InlineData(StreamClient, "1000000")]
    [InlineData(StreamClient, "9007199254740993")]
    public async Task An_amount_arrives_to_the_unit(string payer, string amount)
    {
        await using var host = await Host.StartAsync(new OurReceiver(), new NetworkFaults());
        var outcome = Assert.Single(await host.PayAsync(payer, [new Payment("one", amount)]));
        Assert.Equal((amount, amount, amount), (outcome.Sent, outcome.Delivered, $"{host.Receiver.BalanceOf("one")}"));
    }

    [Theory]
    [InlineData(Pay, true)]
    [InlineData(Pay, false)]
    [InlineData(StreamClient, true)]
    [InlineData(StreamClient, false)]
    public async Task Packet_limits_are_told_by_F08_on_the_way_or_by_us(string payer, bool byUs)
    {
        var receiver = new OurReceiver { MaxPacket = byUs ? 12_345UL : ulong.MaxValue };
        await using var host = await Host.StartAsync(receiver, new NetworkFaults { MaxPacket = byUs ? ulong.MaxValue : 12_345 });
        var outcome = Assert.Single(await host.PayAsync(payer, [new Payment("one", "200000")]));
        Assert.Equal(("200000", 200_000UL), (outcome.Sent, receiver.BalanceOf("one")));
    }

    [Theory]
    [InlineData(Pay)]
    [InlineData(StreamClient)]
    public async Task Fifty_pay_at_once_with_receipts_and_every_unit_is_accounted_for(string payer)
    {
        var secret = new ReceiptSecret(RandomNumberGenerator.GetBytes(ReceiptSecret.Length));
        var payments = Enumerable.Range(1, 50)
            .Select(i => new Payment($"payer-{i}", $"{1000 * i}", new ReceiptSetup(ReceiptNonce.Generate(), secret)))
            .ToList();
        await using var host = await Host.StartAsync(new OurReceiver(), new NetworkFaults { MaxPacket = 9_999 });

        var outcomes = await host.PayAsync(payer, payments);

        foreach (var (payment, outcome) in payments.Zip(outcomes))
        {
            Assert.Equal((payment.Amount, payment.Amount), (outcome.Sent, $"{host.Receiver.BalanceOf(payment.Account)}"));
            Assert.True(StreamReceipt.TryDecode(outcome.Receipt, out var bytes, out _), "no receipt came");
            Assert.True(StreamReceipt.TryVerify(bytes, secret, out var receipt, out _), "the receipt is not ours");
            Assert.Equal((payment.Receipts!.Nonce, payment.Amount), (receipt.Nonce, $"{receipt.TotalReceived}"));
        }

        Assert.Equal(host.Connector.Debited, host.Connector.Credited);
        Assert.Equal(50UL * 51 / 2 * 1000, host.Connector.Credited);
    }

    [Theory]
    [InlineData(Pay)]
    [InlineData(StreamClient)]
    public async Task A_path_that_converts_refuses_and_reorders_costs_nobody(string payer)
    {
        var faults = new NetworkFaults(seed: 7) { Rates = [new(7, 2)], MaxPacket = 5_000, Refused = 50, NotRefused = 2, MaxDelay = 20 };
        await using var host = await Host.StartAsync(new OurReceiver(), faults);
        var outcome = Assert.Single(await host.PayAsync(payer, [new Payment("one", "50000")], slippage: 0.01));
        Assert.Equal(("50000", 50_000UL), (outcome.Sent, host.Connector.Debited));
        Assert.Equal(host.Connector.Credited, host.Receiver.BalanceOf("one"));
        Assert.Equal($"{host.Connector.Credited}", outcome.Delivered);
    }

    [Fact]
    public async Task HTTP_2_with_prior_knowledge_works_for_the_plugin_too()
    {
        await using var host = await Host.StartAsync(new OurReceiver(), new NetworkFaults(), HttpProtocols.Http2);
        var outcome = Assert.Single(await host.PayAsync(StreamClient, [new Payment("one", "1000000")]));
        Assert.Equal(("1000000", 1_000_000UL), (outcome.Sent, host.Receiver.BalanceOf("one")));
    }

    private sealed record Payment(string Account, string Amount, ReceiptSetup? Receipts = null);

    private sealed record Outcome(int Index, string Sent, string Delivered, string? Receipt, string? Error);

    /// <summary>Our receiver, the connector before it, and the servers of both.</summary>
    private sealed class Host : IAsyncDisposable
    {
        private readonly LoopbackServer _receiverServer;
        private readonly LoopbackServer _connectorServer;
        private readonly IlpOverHttpClient _toReceiver;
        private readonly bool _http2;

        private Host(OurReceiver receiver, TestConnector connector, LoopbackServer receiverServer,
            LoopbackServer connectorServer, IlpOverHttpClient toReceiver, bool http2)
        {
            (Receiver, Connector, _http2) = (receiver, connector, http2);
            (_receiverServer, _connectorServer, _toReceiver) = (receiverServer, connectorServer, toReceiver);
        }

        public OurReceiver Receiver { get; }

        public TestConnector Connector { get; }

        public static async Task<Host> StartAsync(OurReceiver receiver, NetworkFaults faults, HttpProtocols protocols = HttpProtocols.Http1)
        {
            var version = protocols == HttpProtocols.Http2 ? System.Net.HttpVersion.Version20 : System.Net.HttpVersion.Version11;
            var peers = new IlpPeerTokens("peer", Token);
            var receiverServer = await LoopbackServer.StartAsync(app => app.MapIlpOverHttp("/ilp", peers, receiver.AsHandler()), protocols);
            var toReceiver = new IlpOverHttpClient(
                new IlpOverHttpClientOptions { Endpoint = new Uri(receiverServer.Url, "/ilp"), Token = Token, HttpVersion = version });
            var connector = new TestConnector(toReceiver, faults) { Client = new(IlpAddress.Parse("test.connector.payer"), "XYZ", 9) };
            var connectorServer = await LoopbackServer.StartAsync(app =>
                app.MapIlpOverHttp("/ilp", peers, connector.AsHandler()), protocols);
            return new Host(receiver, connector, receiverServer, connectorServer, toReceiver, protocols == HttpProtocols.Http2);
        }

        public async Task<Outcome[]> PayAsync(string payer, IReadOnlyList<Payment> payments, double slippage = 0)
        {
            await using var node = NodePeer.Start(payer, new
            {
                url = new Uri(_connectorServer.Url, "/ilp"),
                token = Token,
                http2 = _http2,
                slippage,
                asset = new { code = "XYZ", scale = 9 },
                payments = payments.Select(Wire),
            });
            var outcomes = new Outcome[payments.Count];
            for (var i = 0; i < outcomes.Length; i++)
            {
                var outcome = (await node.ReadAsync("index")).Deserialize<Outcome>(JsonSerializerOptions.Web)!;
                Assert.Null(outcome.Error);
                outcomes[outcome.Index] = outcome;
            }

            return outcomes;
        }

        public async ValueTask DisposeAsync()
        {
            await _connectorServer.DisposeAsync();
            _toReceiver.Dispose();
            await _receiverServer.DisposeAsync();
        }

        private object Wire(Payment payment)
        {
            var credentials = Receiver.Create(payment.Account, payment.Receipts);
            return new
            {
                address = credentials.DestinationAccount.ToString(),
                secret = credentials.SharedSecret.ToBase64(),
                amount = payment.Amount
            };
        }
    }
}
