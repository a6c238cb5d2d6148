using System.Security.Cryptography;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Apps.Load;

/// <summary>
/// What all gateways have on hand: each writes its own every two seconds, if it changed or would end, to a key that ends by itself. The
/// only gateway of a host writes nothing, nor does one with nothing on hand.
/// </summary>
internal sealed class HostLoad(
    IWaitingVisits waiting, OutstandingLeases leases, LiveGateways gateways, RedisStore store, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("load of gateways"))
{
    /// <summary>How long what a gateway wrote counts, if it crashes.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Set: the gateways that have written.</summary>
    public static RedisKey Gateways { get; } = "codius-apps:{all}:loads";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private readonly string _id = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private string? _written;
    private long _writtenAt;

    private GatewayLoad Own => new(waiting.Total, leases.Total, waiting.ByApp);

    private IDatabase Database => store.Connection.GetDatabase();

    /// <summary>String: what a gateway has on hand.</summary>
    public static RedisKey KeyOf(string gateway) => $"codius-apps:{{all}}:load:{gateway}";

    /// <summary>What all gateways have on hand: this one now, the others some seconds ago.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<GatewayLoad> ReadAsync() => gateways.Count == 1
        ? Own : await StoreTrouble.TranslateAsync(ReadAllAsync, "What other gateways have on hand cannot be read.");

    /// <summary>Writes what this gateway has on hand, if readers would see another thing.</summary>
    public async Task WriteAsync()
    {
        if (gateways.Count == 1) return; // what it wrote before ends by itself
        var own = Own;
        var text = own.IsNone ? null : own.ToText();
        if (text == _written && (text is null || time.GetElapsedTime(_writtenAt) < Lifetime / 3)) return;
        if (text is null) await DeleteAsync();
        else
        {
            await Database.StringSetAsync(KeyOf(_id), text, Lifetime);
            await Database.SetAddAsync(Gateways, _id);
            await Database.KeyExpireAsync(Gateways, Lifetime);
        }
        (_written, _writtenAt) = (text, time.GetTimestamp());
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_written is not null) await StoreTrouble.TryAsync(DeleteAsync);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // A store that is away is the ledger's alert; what was written ends, and the next round writes.
            await StoreTrouble.TryAsync(WriteAsync);
            Work.Succeeded();
        }
    }

    private async Task<GatewayLoad> ReadAllAsync()
    {
        RedisValue[] others = [.. (await Database.SetMembersAsync(Gateways)).Where(id => id != _id)];
        if (others.Length == 0) return Own;
        var texts = await Database.StringGetAsync([.. others.Select(id => KeyOf((string)id!))]);
        RedisValue[] gone = [.. others.Zip(texts).Where(pair => pair.Second.IsNull).Select(pair => pair.First)];
        // One that comes back adds itself again.
        if (gone.Length > 0) await Database.SetRemoveAsync(Gateways, gone);
        return texts.Where(text => !text.IsNull).Aggregate(Own, (sum, text) => sum + GatewayLoad.Parse((string)text!));
    }

    private async Task DeleteAsync()
    {
        await Database.KeyDeleteAsync(KeyOf(_id));
        await Database.SetRemoveAsync(Gateways, _id);
    }
}
