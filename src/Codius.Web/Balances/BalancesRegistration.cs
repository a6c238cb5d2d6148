using Codius.Web.Balances.Books;
using Codius.Web.Balances.Changes;
using Codius.Web.Balances.HostPayments;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Marks;
using Codius.Web.Balances.Notes;
using Codius.Web.Balances.Storage;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Settings;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Balances;

/// <summary>Registers what keeps the money: the store, the ledger in it, the leases and the change notifications.</summary>
internal static class BalancesRegistration
{
    public static WebApplicationBuilder AddBalances(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<RedisOptions>(RedisOptions.Section);
        services.AddSettings<PriceOptions>(PriceOptions.Section);
        services.AddSettings<LeaseOptions>(LeaseOptions.Section);
        services.AddSingleton<IValidateOptions<PriceOptions>, PriceOptionsValidator>();
        services.AddSingleton<IValidateOptions<LeaseOptions>, PriceOptionsValidator>();
        services.AddSingleton(provider =>
            Prices.From(provider.GetRequiredService<IOptions<PriceOptions>>(), provider.GetRequiredService<Asset>()));
        services.AddSingleton(
            new StartupNote(50, provider => provider.GetRequiredService<Prices>().Describe(provider.GetRequiredService<Asset>())));

        // Opened on first use; the data folder is created only if Redis runs inside the gateway.
        services.AddSingleton(provider => RedisStore.Open(
            provider.GetRequiredService<IOptions<RedisOptions>>(), provider.GetRequiredService<DataFolder>,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Connection);
        services.AddHealth<LedgerHealth>("ledger").AddSingleton<IAlertSource, LedgerAlerts>().AddGauges<LedgerAlerts>();
        services.AddSingleton<LedgerScripts>();
        services.AddSingleton<BalanceHints>();
        services.AddSingleton<IBalanceLedger, RedisBalanceLedger>();
        services.AddSingleton<IBooks, RedisBooks>().AddSingleton<SpendCapUse>();
        services.AddSingleton<HostBooksWriter>().AddSingleton<HostAccounts>();
        services.AddSingleton<CreditMarks>().AddSingleton<ChangeHistory>().AddSingleton<PaymentIndex>().AddSingleton<PaymentNotes>();
        services.AddHostedService(provider => provider.GetRequiredService<PaymentNotes>());
        services.AddSettings<NotesOptions>(NotesOptions.Section);
        services.AddSingleton<BoundedNotes>();
        services.AddSettings<IncomingOptions>(IncomingOptions.Section);
        services.AddSingleton<IncomingLedger>();
        services.AddSettings<WalletPaymentOptions>(WalletPaymentOptions.Section);
        services.AddSingleton<WalletPaymentSchedule>().AddSingleton<GivenUpPayments>();
        services.AddSingleton<IBalanceChanges, BalanceChanges>();

        services.AddSingleton(provider => new OutstandingLeases(
            provider.GetRequiredService<Asset>().Units(provider.GetRequiredService<IOptions<LeaseOptions>>().Value.MaxOut)));
        services.AddSingleton<StoreTime>();
        services.AddSingleton(provider => new LeaseContext(
            provider.GetRequiredService<IBalanceLedger>(), provider.GetRequiredService<IOptions<LeaseOptions>>().Value,
            provider.GetRequiredService<OutstandingLeases>(), provider.GetRequiredService<Supervisor>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LeaseContext>>(),
            provider.GetRequiredService<Prices>().FreeErrorsPerMinute, provider.GetRequiredService<LiveGateways>(),
            storeTime: provider.GetRequiredService<StoreTime>()));
        services.AddSingleton<LeasedReservations>();
        services.AddHostedService<LedgerGuard>().AddHostedService<GatewayHeartbeat>().AddHostedService<HostBooks>();
        services.AddSingleton<IReservations>(provider => provider.GetRequiredService<LeasedReservations>());
        services.AddHostedService(provider => provider.GetRequiredService<LeasedReservations>());
        return builder;
    }
}
