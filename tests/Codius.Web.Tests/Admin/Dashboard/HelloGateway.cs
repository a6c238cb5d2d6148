using Codius.Web.Balances;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Starts a gateway that hosts one app, hello.</summary>
internal static class HelloGateway
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<PayableGateway> StartAsync(Action<IServiceCollection>? services = null)
    {
        var gateway = await PayableGateway.StartAsync(services: services);
        gateway.Deploy("hello");
        return gateway;
    }

    /// <summary>Hello is paid twice as much, and spends it.</summary>
    public static async Task SpendAsync(PayableGateway gateway, ulong units)
    {
        var ledger = gateway.Services.GetRequiredService<IBalanceLedger>();
        await ledger.AdjustAsync(AccountId.OfApp("hello"), (long)units * 2, "paid", "a test", "a test", Stop);
        Assert.Equal(SpendOutcome.Done, (await ledger.SpendAsync(AccountId.OfApp("hello"), units, Stop)).Outcome);
    }

    public static async Task<Balance> BalanceAsync(PayableGateway gateway) =>
        (await gateway.Services.GetRequiredService<IBalanceLedger>().ReadAsync(AccountId.OfApp("hello"), Stop))!.Value;
}
