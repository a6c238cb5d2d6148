using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Payments.OwnWallet;
using Interledger.Net.IlpOverHttp;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.OwnWallet;

/// <summary>A gateway, a visitor's wallet that pays it, and the visitor's browser, for tests of paying from an own wallet.</summary>
public abstract class OwnWalletStage : IAsyncLifetime
{
    private protected const ulong Opening = 300_000;

    private IlpOverHttpClient _connector = null!;

    private protected PayableGateway Gateway { get; private set; } = null!;

    private protected FakeWallet Wallet { get; private set; } = null!;

    private protected JumpingClock Clock { get; } = new();

    private protected Visitor Browser { get; private set; } = null!;

    private protected string App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Gateway = await PayableGateway.StartAsync(settings: ["Prices:OpenAt=0.0003"], services: parts =>
            parts.AddSingleton(provider => ActivatorUtilities.CreateInstance<OwnWalletFlow>(provider, Clock)));
        _connector = Gateway.Connector();
        Wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(Gateway.Port), _connector);
        Wallet.Clock = Clock;
        Browser = new Visitor(Gateway);
        App = Gateway.NewApp();
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Wallet.DisposeAsync();
        _connector.Dispose();
        await Gateway.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
