using Codius.Testing.Stores;

namespace Codius.Web.Tests.Payments.Scales;

/// <summary>A gateway whose connectors count in cents, on Garnet inside it; the ledger counts in billionths.</summary>
public sealed class CentsOnGarnet : PayableFixture
{
    public const string Scale = "Payments:AssetScale=2";

    public override async ValueTask InitializeAsync() => Gateway = await PayableGateway.StartAsync(settings: [Scale]);

    public override ValueTask DisposeAsync() => EndAsync();
}

/// <summary>The same on a real redis-server.</summary>
public sealed class CentsOnRedis : PayableFixture
{
    private readonly RedisServer _redis = new();

    public override async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(TestContext.Current.CancellationToken);
        Gateway = await PayableGateway.StartAsync(_redis, [CentsOnGarnet.Scale]);
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _redis.DisposeAsync();
    }
}
