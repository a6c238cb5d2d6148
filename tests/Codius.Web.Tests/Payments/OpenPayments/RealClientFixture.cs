using Codius.Testing;
using Codius.Testing.Stores;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>A gateway on HTTPS over a real Redis, and a third-party client.</summary>
public sealed class RealClientFixture : IAsyncLifetime
{
    private readonly TestAuthority _authority = new(GatewayUnderTest.Domain);
    private readonly RedisServer _redis = new();

    internal PayableGateway Gateway { get; private set; } = null!;

    internal RealClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(TestContext.Current.CancellationToken);
        Gateway = await PayableGateway.StartAsync(_redis, authority: _authority);
        Client = await RealClient.StartAsync(_authority);
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null) await Client.DisposeAsync();
        if (Gateway is not null) await Gateway.DisposeAsync();
        await _redis.DisposeAsync();
        _authority.Dispose();
    }
}
