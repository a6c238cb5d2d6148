using Codius.Testing.Stores;

namespace Codius.Web.Tests.Payments;

/// <summary>One gateway for all tests of a class; each test pays apps of its own.</summary>
public abstract class PayableFixture : IAsyncLifetime
{
    internal PayableGateway Gateway { get; private protected set; } = null!;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    // Null if it could not start.
    internal ValueTask EndAsync() => Gateway is { } gateway ? gateway.DisposeAsync() : ValueTask.CompletedTask;
}

/// <summary>On Garnet inside the gateway.</summary>
public sealed class PayableOnGarnet : PayableFixture
{
    public override async ValueTask InitializeAsync() => Gateway = await PayableGateway.StartAsync();

    public override ValueTask DisposeAsync() => EndAsync();
}

/// <summary>On a real redis-server.</summary>
public sealed class PayableOnRedis : PayableFixture
{
    private readonly RedisServer _redis = new();

    public override async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(TestContext.Current.CancellationToken);
        Gateway = await PayableGateway.StartAsync(_redis);
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _redis.DisposeAsync();
    }
}
