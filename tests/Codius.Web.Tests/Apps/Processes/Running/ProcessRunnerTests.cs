using Codius.Web.Apps;
using Codius.Web.Apps.Processes.Running;

namespace Codius.Web.Tests.Apps.Processes.Running;

/// <summary>The contract on local processes.</summary>
public sealed class ProcessRunnerTests : AppRunnerContract
{
    private readonly RunnerBench _bench = new();

    private protected override IAppRunner Runner => _bench.Runner;

    private protected override HostedApp Hello(string name, string hash) => new(name, hash, "hello");

    private protected override HostedApp Failing(string name, string hash) => new(name, hash, "broken");

    // One image per test, so its starts are those of the hash.
    private protected override int StartsOf(string hash) => _bench.StartsOf(hash == "broken" ? "broken" : "hello");

    private protected override void Crash(HostedApp app) => Signals.Kill(Assert.Single(_bench.Pids));

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await base.DisposeAsync();
    }
}
