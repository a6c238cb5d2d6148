using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Interledger.Net.Packets;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>Anybody may invent accounts and make payments to them: the store does not grow by it, and honest payers are served.</summary>
public sealed class InventedAccountsTests : IAsyncLifetime
{
    private const int Accounts = 10_000;
    private const int Completed = 500;
    private const int MostNotes = 100;

    private readonly RedisServer _redis = new();
    private PayableGateway _gateway = null!;

    private IServer Server => _gateway.Services.GetRequiredService<RedisStore>().Connection.GetServers()[0];

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(TestContext.Current.CancellationToken);
        _gateway = await PayableGateway.StartAsync(_redis, ["Proxies:Known:0=127.0.0.0/8", $"Notes:Most={MostNotes}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task Ten_thousand_payments_to_invented_accounts_store_nothing_and_an_honest_payer_is_served(int addresses)
    {
        var (app, honest) = (_gateway.NewApp(), new BareClient(_gateway, "198.51.100.1"));
        var strangers = Enumerable.Range(0, addresses).Select(i => new BareClient(_gateway, $"10.1.{i / 250}.{i % 250}")).ToArray();
        var tokens = await Task.WhenAll(strangers.Select(stranger => stranger.GrantAsync(null, "create", "complete")));
        var (url, method) = await honest.CreateAsync(app, amount: 12);
        using var connector = _gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, new PacketMaker(method).Money(5)));
        var (keys, memory) = await MeasureAsync();

        await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var (stranger, token) = (strangers[i % addresses], tokens[i % addresses]);
            var account = AccountId.OfDeployToken($"invented {i}").ToString();
            var (status, json, _) = await stranger.SendAsync(HttpMethod.Post, stranger.PaymentsOf(account), new JsonObject
            {
                ["walletAddress"] = $"{_gateway.Host}/pay/{account}",
                ["metadata"] = new JsonObject { ["a"] = RandomNumberGenerator.GetHexString(8) },
            }, token);
            Assert.Equal(201, status);
            if (i < Completed)
                Assert.Equal(200, (await stranger.SendAsync(HttpMethod.Post, (string)json!["id"]! + "/complete", token: token)).Status);
        });

        var (keysAfter, memoryAfter) = await MeasureAsync();
        // The honest payment is listed a second after its credit; a gateway's own keys come and go.
        Assert.InRange(keysAfter - keys, -5, BalanceKeys.Notes.Length + BalanceKeys.HostPayments.Length + 5);
        Assert.InRange(memoryAfter - memory, long.MinValue, 1_000_000);
        Assert.InRange(await Server.Multiplexer.GetDatabase().HashLengthAsync(BalanceKeys.Notes[0]), 1, MostNotes);
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, new PacketMaker(method).Money(6)));
        Assert.Equal(11UL, await honest.ReceivedAsync(url));
    }

    private async Task<(long Keys, long Memory)> MeasureAsync()
    {
        var memory = (await Server.InfoAsync("memory")).SelectMany(section => section).Single(line => line.Key == "used_memory").Value;
        return (await Server.DatabaseSizeAsync(), long.Parse(memory, System.Globalization.CultureInfo.InvariantCulture));
    }
}
