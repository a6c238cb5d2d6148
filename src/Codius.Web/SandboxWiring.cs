using Codius.Web.Hosting;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;
#if SANDBOX
using System.Collections.Concurrent;
using Codius.Sandbox;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Payments;
using Codius.Web.Payments.Streaming;
using HostOptions = Codius.Web.Hosting.HostOptions;
#endif

namespace Codius.Web;

/// <summary>Adds the sandbox to the gateway, in Development; the library itself does not know the gateway.</summary>
internal static partial class SandboxWiring
{
#if SANDBOX
    private const string PlayMoney = "play money, on one developer's machine";
    private const bool IsBuiltIn = true;
#else
    private const bool IsBuiltIn = false;
#endif

    public static WebApplicationBuilder AddSandbox(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var setting = builder.Configuration.GetValue<string>($"{SandboxOptions.Section}:{nameof(SandboxOptions.Enabled)}");
        var on = IsBuiltIn && builder.Environment.IsDevelopment() && !string.Equals(setting, "false", StringComparison.OrdinalIgnoreCase);
        services.AddSettings<SandboxOptions>(SandboxOptions.Section).PostConfigure(options => options.Enabled = on);
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsValidator>();
        if (!on && string.Equals(setting, "true", StringComparison.OrdinalIgnoreCase)) services.AddHostedService<SandboxOffWarning>();
#if SANDBOX
        if (on)
        {
            services.PostConfigure<HostOptions>(host =>
            {
                host.ReservedNames.Add("connector");
                host.PayersLabel = "wallet";
            });
            services.AddOptions<HostOptions>().Validate(host => host.AppsDomain is null,
                "Host:AppsDomain: the sandbox pays under one domain only; set Sandbox:Enabled to false.");
            services.AddSingleton(new StartupNote(20, provider =>
                $"The sandbox wallet, with play money: {provider.GetRequiredService<HostNames>().OriginOf("wallet")}/"));
            services.AddSandbox(SettingsOf);
        }
#endif
        return builder;
    }

    public static EndpointTables AddSandbox(this EndpointTables tables, IServiceProvider services)
    {
#if SANDBOX
        if (services.GetRequiredService<IOptions<SandboxOptions>>().Value.Enabled == true)
        {
            tables.AddReserved("wallet", endpoints => endpoints.MapGroup("").WithoutRate(PlayMoney).MapSandboxWallet());
            tables.AddReserved("connector", endpoints => endpoints.MapGroup("").WithoutRate(PlayMoney).MapSandboxConnector());
        }
#endif
        return tables;
    }

#if SANDBOX
    private static SandboxSettings SettingsOf(IServiceProvider services)
    {
        var (names, asset) = (services.GetRequiredService<HostNames>(), services.GetRequiredService<Asset>());
        var (gateway, payments) =
            (services.GetRequiredService<IOptions<GatewayOptions>>().Value, services.GetRequiredService<IOptions<PaymentsOptions>>().Value);
        // Its packets arrive at the gateway, and its wallet is the one the gateway counts at: its digits are the wire's.
        var wire = new WireAsset(asset);
        wire.Set(payments.AssetScale ?? asset.Scale);
        // validated at start
        _ = asset.TryParse(services.GetRequiredService<IOptions<SandboxOptions>>().Value.StartingBalance, out var balance);
        var (supervisor, works) = (services.GetRequiredService<Supervisor>(), new ConcurrentDictionary<string, SupervisedWork>());
        return new SandboxSettings
        {
            Domain = names.Domain,
            Port = gateway.Port,
            WalletOrigin = names.OriginOf("wallet"),
            GatewayAddress = string.IsNullOrEmpty(payments.IlpAddress) ? StreamingRegistration.DevelopmentAddress : payments.IlpAddress,
            GatewayToken = services.GetRequiredService<ConnectorTokens>().OfSandbox!,
            AssetCode = asset.Code,
            AssetScale = wire.Scale,
            File = Path.Combine(services.GetRequiredService<DataFolder>().Path, "sandbox.json"),
            StartingBalance = wire.ToWireDown(balance),
            Supervise = (work, round) => works.GetOrAdd(work, supervisor.Work).TryAsync(round),
        };
    }
#endif

    /// <summary>Validates what attributes cannot express about <see cref="SandboxOptions"/>.</summary>
    private sealed class SandboxOptionsValidator(Asset asset) : IValidateOptions<SandboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, SandboxOptions options) =>
            asset.TryParse(options.StartingBalance, out _)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    $"Sandbox:StartingBalance: '{options.StartingBalance}' is not an amount of {asset.Code} with at most {asset.Scale} "
                    + "decimals.");
    }

    /// <summary>Logs once that the sandbox was enabled where it must not be.</summary>
    private sealed partial class SandboxOffWarning(ILogger<SandboxOffWarning> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            LogOff();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(LogLevel.Warning,
            "Sandbox:Enabled is set, but the sandbox makes money out of nothing: it is for Development only and stays off")]
        private partial void LogOff();
    }
}
