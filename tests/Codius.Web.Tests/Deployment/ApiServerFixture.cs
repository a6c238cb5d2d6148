using Codius.Testing.Clusters;

namespace Codius.Web.Tests.Deployment;

/// <summary>One API server, without any flags of the host's, for the tests that share it.</summary>
public sealed class ApiServerFixture : IAsyncLifetime
{
    internal ApiServer Server { get; } = new();

    public async ValueTask InitializeAsync()
    {
        if (ApiServer.Missing is null) await Server.StartAsync([], TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
