using System.Globalization;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Pages.Following;

namespace BoundsLoad;

/// <summary>Open event streams: what each holds, what they cost without an event, and how long one event takes to all of them.</summary>
internal static class Streams
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public static async Task MeasureAsync(int streams, int accounts, string[] command)
    {
        var places = (streams + 100) * 2;
        await using var gateway = await GatewayUnderTest.StartAsync(
        [
            $"Pages:MaxEventStreams={places}", $"Pages:MaxEventStreamsPerClient={places}", "Pages:PerClient=1000000",
            "Pages:PerClientBurst=1000000", "Pages:PerAccount=1000000", "Pages:PerAccountBurst=1000000", "Pages:Heartbeat=00:10:00",
            "Sandbox:Enabled=false", "Logging:LogLevel:Default=Warning",
        ]);
        var ids = Enumerable.Range(0, accounts).Select(number => AccountId.OfDeployToken($"{number}")).ToArray();
        var ledger = gateway.Services.GetRequiredService<IBalanceLedger>();
        var slots = gateway.Services.GetRequiredService<StreamSlots>();
        var before = Usage.Now();
        var alone = await Usage.IdleAsync(Idle);
        await using var clients = new ClientProcess(command, gateway.Port, streams, GatewayUnderTest.Domain, "data: ",
            [.. ids.Select(id => $"/.well-known/codius/events?account={id}")]);
        await clients.SentAsync();
        await clients.AllFoundAsync($"{streams}x1");
        var held = Usage.Now();
        var idle = await Usage.IdleAsync(Idle);
        var later = Usage.Now();
        await Task.WhenAll(
            ids.Select(id => ledger.AdjustAsync(id, 1000, "bounds", "a measurement", "a measurement", CancellationToken.None).AsTask()));
        var event1 = await clients.AllFoundAsync($"{streams}x2");
        Console.WriteLine($"{slots.Open} open; after {Idle.TotalSeconds} s more: {later.Since(before, streams)} each");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {streams} | {accounts} | {held.Since(before, streams)} | {(idle - alone) * 100:0.0} % | " +
            $"{event1.TotalMilliseconds:0} ms |"));
    }
}
