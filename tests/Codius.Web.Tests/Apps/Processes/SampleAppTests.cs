using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Processes;
using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Tests.Apps.Processes.Catalog;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Processes;

public sealed class SampleAppTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_in_development_deploys_hello_and_only_the_first()
    {
        using var folder = new TemporaryFolder();
        using var ledger = LedgerStore.OnGarnet(folder.Path);
        var store = AppsOfGateway.StoreOn(ledger);

        await StartAsync(ledger, store, Environments.Production);
        Assert.Null(await store.FindAsync("hello", Cancellation));
        await StartAsync(ledger, store, Environments.Development);
        var hello = await store.FindAsync("hello", Cancellation);
        Assert.NotNull(hello);
        Assert.Equal(52, hello.Hash.Length);
        Assert.Null(hello.Owner);

        await ledger.Database.HashDeleteAsync(AppKeys.Index, "hello");
        await ledger.Database.HashDeleteAsync(AppKeys.Manifests, "hello");
        await StartAsync(ledger, store, Environments.Development);

        Assert.Null(await store.FindAsync("hello", Cancellation));
    }

    private static Task StartAsync(LedgerStore ledger, RedisAppStore store, string environment)
    {
        var options = new AppOptions();
        SampleApp.AddImageTo(options.Processes);
        return new SampleApp(ledger.Store, store, new KnownImages(Options.Create(options)), new HostEnvironment(environment))
            .StartAsync(Cancellation);
    }

    private sealed class HostEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Codius.Web";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
