using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Api;

/// <summary>What happens at the host, as streams of events; each has a short queue, which drops the oldest for a slow reader.</summary>
internal sealed class ApiEvents(IAppRunner runner, IAppCatalog catalog, IBalanceChanges balances, Drain drain, TimeProvider time)
{
    /// <summary>How many streams there may be at a gateway.</summary>
    public const int Most = 20;

    private const int Queued = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private int _open;

    /// <summary>Opens a stream; null if there are enough. Whoever gets one must read it.</summary>
    public IAsyncEnumerable<SseItem<HostEvent>>? TryOpen(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _open) <= Most) return ReadAsync(cancellation);
        Interlocked.Decrement(ref _open);
        return null;
    }

    private async IAsyncEnumerable<SseItem<HostEvent>> ReadAsync([EnumeratorCancellation] CancellationToken left)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(left, drain.StreamsEnd);
        var cancellation = ended.Token;
        var queue = Channel.CreateBounded<HostEvent>(
            new BoundedChannelOptions(Queued) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        void OnState(string app) => queue.Writer.TryWrite(new HostEvent("app", app, StateOf(app), time.GetUtcNow()));
        void OnCatalog() => queue.Writer.TryWrite(new HostEvent("apps", null, null, time.GetUtcNow()));
        runner.StateChanged += OnState;
        catalog.Changed += OnCatalog;
        using var paid = balances.Listen(
            account => queue.Writer.TryWrite(new HostEvent("account", account.ToString(), null, time.GetUtcNow())));
        try
        {
            // The first says that the stream is open; then one in each pause shows proxies and the reader that it still is.
            yield return Item(new HostEvent("open", null, null, time.GetUtcNow()));
            while (!cancellation.IsCancellationRequested)
            {
                var next = await NextAsync(queue.Reader, cancellation);
                if (cancellation.IsCancellationRequested) yield break;
                yield return Item(next ?? new HostEvent("pause", null, null, time.GetUtcNow()));
            }
        }
        finally
        {
            runner.StateChanged -= OnState;
            catalog.Changed -= OnCatalog;
            Interlocked.Decrement(ref _open);
        }
    }

    private async ValueTask<HostEvent?> NextAsync(ChannelReader<HostEvent> reader, CancellationToken cancellation)
    {
        using var pause = new CancellationTokenSource(Pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellation);
        try
        {
            return await reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private string? StateOf(string app) =>
        catalog.Current.TryFind(app, out var found) ? Reading.AppRows.StateName(runner.StateOf(found)) : null;

    private static SseItem<HostEvent> Item(HostEvent happened) => new(happened, happened.Kind);
}

/// <summary>Something that happened: what changed is to be read again.</summary>
/// <param name="Kind">app: its state changed; apps: which there are changed; account: it was paid, or spent; open and pause.</param>
/// <param name="Subject">The app, or the account.</param>
/// <param name="State">The app's state now.</param>
/// <param name="At">When this gateway learnt of it.</param>
internal sealed record HostEvent(string Kind, string? Subject, string? State, DateTimeOffset At);
