using Codius.Sandbox.Money;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenPayments.Net;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Sandbox.Receiving;

/// <summary>
/// Serves the host's wallet as an ordinary Open Payments wallet: its address, grants and incoming payments, by services of their own,
/// since the gateway has an Open Payments server too.
/// </summary>
internal sealed class HostWalletServer : IDisposable
{
    /// <summary>The path of its wallet address.</summary>
    public const string Path = "/host";

    private readonly ServiceProvider _services;

    public HostWalletServer(HostWallet wallet, StateStore store, SandboxSettings settings, TimeProvider time)
    {
        var address = new WalletAddress(settings.WalletOrigin + Path, HostWallet.Account, "The host's wallet, with play money",
            settings.AssetCode, settings.AssetScale);
        var services = new ServiceCollection();
        services.AddSingleton(time)
            .AddSingleton<IWalletAddresses>(new WalletAddressList(address))
            .AddSingleton<IIncomingPayments>(store.HostPayments)
            .AddSingleton<IPaymentMethods>(wallet);
        services.AddOpenPayments(options =>
        {
            options.Origin = settings.WalletOrigin;
            options.WalletAddressPath = Path;
            options.SpspHandler = wallet.AnswerSpspAsync;
            options.LongestAccount = HostWallet.Account.Length;
            options.TokenKeys.Add(store.Derive("host wallet tokens"));
            // Its clients are on this machine, without TLS.
            options.AllowInsecureClients = true;
            options.KeyFetchClient = () => LocalRoute.CreateClient(settings);
        });
        _services = services.BuildServiceProvider();
    }

    public void Map(IEndpointRouteBuilder endpoints) => new OwnServices(endpoints, _services).MapOpenPayments();

    public void Dispose() => _services.Dispose();
}
