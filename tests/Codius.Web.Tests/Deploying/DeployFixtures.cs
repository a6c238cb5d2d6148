using Codius.Testing.Stores;

namespace Codius.Web.Tests.Deploying;

/// <summary>One gateway for all tests of a class; each test uses tokens and names of its own.</summary>
public abstract class DeployFixture : IAsyncLifetime
{
    internal DeployHost Host { get; private protected set; } = null!;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>On a real redis-server.</summary>
public sealed class DeployOnRedis : DeployFixture
{
    private readonly RedisServer _server = new();

    public override async ValueTask InitializeAsync()
    {
        await _server.StartAsync(TestContext.Current.CancellationToken);
        Host = await DeployHost.StartAsync(_server);
    }

    public override async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _server.DisposeAsync();
    }
}

/// <summary>On Garnet inside the gateway.</summary>
public sealed class DeployOnGarnet : DeployFixture
{
    public override async ValueTask InitializeAsync() => Host = await DeployHost.StartAsync();

    public override ValueTask DisposeAsync() => Host.DisposeAsync();
}
