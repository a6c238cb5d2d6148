using System.Globalization;
using System.Security.Cryptography;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>
/// Counts the gateways on this store: each writes every second that it is alive, and learns the store's time. While the store is away the
/// last count holds, so that an outage loosens no limit.
/// </summary>
internal sealed class GatewayHeartbeat(
    RedisStore store, LedgerScripts scripts, LiveGateways gateways, StoreTime storeTime, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("gateway heartbeat"))
{
    /// <summary>How long after its last heartbeat a gateway still counts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly RedisKey Gateways = "codius:gateways";

    private readonly string _id = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Writes one heartbeat and reads the count.</summary>
    public async Task BeatAsync()
    {
        var lifetime = ((long)Lifetime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (await scripts.TryRunAsync(LedgerScript.Heartbeat, [Gateways], [_id, lifetime]) is not [var count, var now]) return;
        gateways.Count = (int)count;
        storeTime.Learn((long)now);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // While the store is away: the others stop counting it after its lifetime.
        await StoreTrouble.TryAsync(() => store.Connection.GetDatabase().SortedSetRemoveAsync(Gateways, _id));
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Beat, time);
        do
        {
            await BeatAsync();
            Work.Succeeded();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
