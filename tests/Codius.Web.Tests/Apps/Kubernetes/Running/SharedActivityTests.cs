using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Running;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>What is open at the apps, over two gateways on one Redis.</summary>
public sealed class SharedActivityTests : IAsyncLifetime
{
    private static readonly HostedApp Old = new("old", "one", "hello");
    private static readonly HostedApp New = new("new", "one", "hello");

    private readonly FakeTimeProvider _time = new();
    private readonly RedisServer _server = new();
    private LedgerStore _store = null!;
    private AppActivity _visits = null!;
    private Leadership _writerName = null!;
    private SharedActivity _writer = null!;
    private SharedActivity _reader = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Stop);
        _store = LedgerStore.OnRedis(_server);
        _visits = new AppActivity(_time);
        _writerName = Gateway();
        _writer = Activity(_visits, _writerName);
        _reader = Activity(new AppActivity(_time), Gateway());
        await _writer.StartAsync(Stop);
        await _reader.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync(CancellationToken.None);
        await _reader.StopAsync(CancellationToken.None);
        _store.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_open_at_one_gateway_is_open_for_all()
    {
        _visits.Begin(Old);
        await PassUntilAsync("it is seen open", () => _reader.Open("old") == 1);
        Assert.Equal(TimeSpan.Zero, _reader.IdleFor("old"));

        _visits.End(Old);
        await PassUntilAsync("it is seen to have ended", () => _reader.Open("old") == 0);
        Assert.NotNull(_reader.IdleFor("old"));
        Assert.Null(_reader.IdleFor("never visited"));
    }

    [Fact]
    public async Task Only_what_is_open_or_ended_lately_is_written_and_the_readers_remember_the_rest()
    {
        _visits.Begin(Old);
        _visits.End(Old);
        await PassUntilAsync("the end is seen", () => _reader.IdleFor("old") is not null);

        _time.Advance(TimeSpan.FromMinutes(1));
        _visits.Begin(New);
        await PassUntilAsync("the new one is seen", () => _reader.Open("new") == 1);

        var written = (string?)await _store.Database.StringGetAsync($"codius-apps:{{all}}:activity:{_writerName.Identity}");
        Assert.StartsWith("new 1 ", written, StringComparison.Ordinal);
        Assert.DoesNotContain("old", written, StringComparison.Ordinal);
        Assert.True(_reader.IdleFor("old") >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_gateway_with_nothing_open_writes_now_and_then_and_what_is_opened_with_the_next_beat()
    {
        await PassUntilAsync("both know each other", () => Calls("mget") > 0);
        var (writes, beats) = (Calls("set"), Calls("smembers"));
        for (var second = 1; second <= 30; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var expected = beats + (2 * second);
            await Eventually.TrueAsync("both have read", () => Calls("smembers") >= expected);
        }
        Assert.InRange(Calls("set") - writes, 2, 22);

        _visits.Begin(New);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("it is written", () => ((string?)_store.Database.StringGet(
            $"codius-apps:{{all}}:activity:{_writerName.Identity}") ?? "").StartsWith("new 1 ", StringComparison.Ordinal));
    }

    // How often the store ran the commands that begin so.
    private long Calls(string command) => _store.Store.Connection.GetServers()[0].Info("commandstats")
        .SelectMany(section => section)
        .Where(statistic => statistic.Key.StartsWith($"cmdstat_{command}", StringComparison.Ordinal))
        .Sum(statistic => long.Parse(statistic.Value.Split('=', ',')[1]));

    private Leadership Gateway() =>
        new(null!, Options.Create(new KubernetesOptions()), Supervised.By(_time), _time, NullLogger<Leadership>.Instance);

    private SharedActivity Activity(AppActivity visits, Leadership name) =>
        new(visits, name, _store.Store, Supervised.By(_time), _time, NullLogger<SharedActivity>.Instance);

    private Task PassUntilAsync(string what, Func<bool> holds) => Eventually.TrueAsync(what, () =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return holds();
    });
}
