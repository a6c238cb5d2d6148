using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Settings;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Payments.OpenPayments;
using Codius.Web.Payments.OwnWallet;
using Codius.Web.Payments.Setup;
using Codius.Web.Payments.Streaming;
using Codius.Web.Payments.TopUp;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments;

/// <summary>
/// Registers payments: a payer queries how to pay (Setup) and pays packet by packet (Streaming); each payment is credited once (TopUp).
/// </summary>
internal static class PaymentsRegistration
{
    public static WebApplicationBuilder AddPayments(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<PaymentsOptions>(PaymentsOptions.Section).PostConfigure<IHostEnvironment>((payments, environment) =>
            payments.InsecureClients ??= environment.IsDevelopment());
        services.AddSingleton<IValidateOptions<PaymentsOptions>, PaymentsOptionsValidator>();
        services.AddHealth<PaymentsHealth>("payments").AddSingleton<IAlertSource, PaymentsAlerts>().AddGauges<PaymentsAlerts>();
        services.AddSingleton<LastPayment>().AddHostedService(provider => provider.GetRequiredService<LastPayment>());
        services.AddSingleton<IAlertSource>(provider => provider.GetRequiredService<LastPayment>());
        services.AddSingleton<IGauges>(provider => provider.GetRequiredService<LastPayment>());
        services.AddSingleton(WireAssetOf);
        services.AddSingleton<AnonymousRateLimiter>();

        services.AddSingleton<PayableAccounts>().AddSingleton<ReceiptSecrets>().AddSingleton<SetupEndpoints>();
        builder.AddReceivingWallet();
        services.AddSingleton<ISpspReceiver>(provider =>
            provider.GetRequiredService<IOptions<PaymentsOptions>>().Value.Receiver == PaymentsMode.Wallet
                ? ActivatorUtilities.CreateInstance<WalletReceiver>(provider)
                : ActivatorUtilities.CreateInstance<DirectReceiver>(provider));

        services.AddStreaming();
        services.AddSingleton<WalletAddressAnswer>().AddOpenPaymentsOfHost();
        services.AddHostWallet();
        services.AddOwnWallet();

        services.AddSingleton<PaymentCrediting>().AddSingleton<ReceiptVerifier>();
        services.AddSingleton<BalanceEndpoints>().AddSingleton<VerifierEndpoints>();
        return builder;
    }

    private static WireAsset WireAssetOf(IServiceProvider provider)
    {
        var asset = provider.GetRequiredService<Asset>();
        var wire = new WireAsset(asset);
        var options = provider.GetRequiredService<IOptions<PaymentsOptions>>().Value;
        // In Wallet mode it is the wallet's, which is read at the start.
        if (options.Receiver == PaymentsMode.Direct) wire.Set(options.AssetScale ?? asset.Scale);
        return wire;
    }
}
