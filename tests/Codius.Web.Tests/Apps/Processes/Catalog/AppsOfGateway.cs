using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Apps.Names;
using Codius.Web.Apps.Processes;
using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Processes.Catalog;

/// <summary>One gateway's store and catalog of apps; as many side by side as a test likes.</summary>
internal sealed class AppsOfGateway : IAsyncDisposable
{
    public static readonly AccountId Alice = AccountId.OfDeployToken("alice");
    public static readonly AccountId Bob = AccountId.OfDeployToken("bob");

    public AppsOfGateway(LedgerStore ledger, TimeProvider? time = null)
    {
        Catalog = new RedisCatalog(
            ledger.Store, new Asset("USD", 9), Supervisor, time ?? TimeProvider.System, NullLogger<RedisCatalog>.Instance);
        Store = StoreOn(ledger, Catalog);
    }

    public Supervisor Supervisor { get; } = Supervised.By();

    public RedisAppStore Store { get; }

    public RedisCatalog Catalog { get; }

    public static RedisAppStore StoreOn(LedgerStore ledger, IAppCatalog? catalog = null)
    {
        var options = new AppOptions();
        options.Processes.Images["hello"] = new ImageOptions { Command = "hello" };
        var holds = new NameHolds(ledger.Scripts, ledger.Ledger, new FakeSteering(), Options.Create(new AppOptions()));
        return new RedisAppStore(ledger.Store.Connection, catalog ?? new FakeApps(), holds,
            new ProcessManifests(new KnownImages(Options.Create(options))), TimeProvider.System);
    }

    /// <summary>An app that differs by its port, and so by its hash.</summary>
    public static StoredApp App(string name, AccountId? owner, int port = 80, string image = "hello")
    {
        var spec = new AppSpec { Containers = [new ContainerSpec { Name = "app", Image = image }], Port = port };
        return new StoredApp(name, ManifestHash.OfSpec(spec), spec, null, owner, new Dictionary<string, string>());
    }

    /// <summary>Completes when the snapshot meets the condition, at once or after a change.</summary>
    public async Task UntilAsync(Func<AppSnapshot, bool> fits)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if (fits(Catalog.Current)) found.TrySetResult();
        }
        Catalog.Changed += Check;
        Check();
        await found.Task.WaitAsync(TestContext.Current.CancellationToken);
        Catalog.Changed -= Check;
    }

    public async ValueTask DisposeAsync()
    {
        await Catalog.StopAsync(CancellationToken.None);
        Catalog.Dispose();
    }
}
