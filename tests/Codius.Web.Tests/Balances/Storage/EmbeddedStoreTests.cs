using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Codius.EmbeddedRedis;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Hosting;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>Redis inside the gateway: its files, its socket, its start.</summary>
public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_paid_is_there_after_the_gateway_was_stopped_and_started()
    {
        AccountUnderTest account;
        using (var store = LedgerStore.OnGarnet(_folder.Path))
        {
            account = new AccountUnderTest(store);
            await account.PayAsync(100);
            await account.SpendAsync(30);
        }
        using var again = LedgerStore.OnGarnet(_folder.Path);
        var balance = await again.Ledger.ReadAsync(account.Id, Stop);
        Assert.Equal(new Codius.Web.Balances.Balance(100, 70, 30, 0), balance);
    }

    [Fact]
    public async Task What_a_checkpoint_cut_out_of_the_append_only_file_is_still_there()
    {
        var first = _folder["redis/AOF/aof.log.0"];
        using (var server = EmbeddedRedisServer.Start(_folder["redis"], appendOnlyLimit: "1m"))
        {
            await using var connection = await ConnectAsync(server);
            var database = connection.GetDatabase();
            await database.HashSetAsync("kept", "field", "value");
            var long_ = new string('x', 10_000);
            await AccountUnderTest.UntilAsync(async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => database.StringSetAsync("filler", long_)));
                return !File.Exists(first);
            }, () => "the first segment of the append-only file to be cut off");
        }
        using var again = EmbeddedRedisServer.Start(_folder["redis"]);
        await using var reader = await ConnectAsync(again);
        Assert.Equal("value", await reader.GetDatabase().HashGetAsync("kept", "field"));
    }

    [Fact]
    [SuppressMessage("Interoperability", "CA1416", Justification = "Runs where Unix sockets are")]
    public void Only_its_own_user_may_open_its_socket_and_its_files()
    {
        using var server = EmbeddedRedisServer.Start(_folder["redis"]);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(server.SocketPath) & Others);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder["redis"]) & Others);
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_is_no_trouble()
    {
        using var server = EmbeddedRedisServer.Start(_folder[string.Join('/', Enumerable.Repeat("deep", 30))]);
        await using var connection = await ConnectAsync(server);
        Assert.True(await connection.GetDatabase().StringSetAsync("key", "value"));
    }

    [Fact]
    public void A_folder_it_cannot_use_keeps_the_gateway_from_starting_and_is_named()
    {
        File.WriteAllText(_folder["redis"], "a file where the folder should be");
        var fault = Assert.Throws<StartupFaultException>(() => LedgerStore.OnGarnet(_folder.Path));
        Assert.Contains(_folder["redis"], fault.Message);
    }

    [Fact]
    public void Balances_that_cannot_be_read_keep_the_gateway_from_starting_with_none()
    {
        using (var store = LedgerStore.OnGarnet(_folder.Path)) store.Database.StringSet("key", "value");
        foreach (var file in Directory.GetFiles(_folder["redis/AOF"])) File.WriteAllBytes(file, new byte[512]);
        var fault = Assert.Throws<StartupFaultException>(() => LedgerStore.OnGarnet(_folder.Path));
        Assert.Contains(_folder["redis"], fault.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<ConnectionMultiplexer> ConnectAsync(EmbeddedRedisServer server)
    {
        var options = new ConfigurationOptions { AsyncTimeout = 30_000 };
        options.EndPoints.Add(new UnixDomainSocketEndPoint(server.SocketPath));
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
