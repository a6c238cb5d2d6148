using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Codius.Web.Admin.Access;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Api;

/// <summary>What happens at the host, as streams of events; each has a short queue, which drops the oldest for a slow reader.</summary>
internal sealed class ApiEvents(
    IAppRunner runner, IAppCatalog catalog, IBalanceChanges balances, AdminAuthentication authentication, Drain drain, TimeProvider time)
{
    /// <summary>How many streams there may be at a gateway.</summary>
    public const int Most = 20;

    /// <summary>The kinds of events.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["app", "apps", "account"];

    private const int Queued = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private int _open;

    /// <summary>Opens a stream; null if there are enough. The caller must read it.</summary>
    /// <param name="admin">Whose it is.</param>
    /// <param name="tokenHash">The hash of the token it was opened with: the stream ends with that.</param>
    /// <param name="kinds">Which events it has; null for all. Each stream has those that say it is open.</param>
    /// <param name="cancellation">The client has left.</param>
    public IAsyncEnumerable<SseItem<HostEvent>>? TryOpen(
        AdminIdentity admin, byte[] tokenHash, IReadOnlyList<string>? kinds, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _open) <= Most) return ReadAsync(admin, tokenHash, kinds ?? Kinds, cancellation);
        Interlocked.Decrement(ref _open);
        return null;
    }

    private async IAsyncEnumerable<SseItem<HostEvent>> ReadAsync(
        AdminIdentity admin, byte[] tokenHash, IReadOnlyList<string> kinds, [EnumeratorCancellation] CancellationToken left)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(left, drain.StreamsEnd);
        var cancellation = ended.Token;
        var queue = Channel.CreateBounded<HostEvent>(
            new BoundedChannelOptions(Queued) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        void OnState(string app) => queue.Writer.TryWrite(new HostEvent("app", app, StateOf(app), time.GetUtcNow()));
        void OnCatalog() => queue.Writer.TryWrite(new HostEvent("apps", null, null, time.GetUtcNow()));
        if (kinds.Contains("app")) runner.StateChanged += OnState;
        if (kinds.Contains("apps")) catalog.Changed += OnCatalog;
        using var paid = !kinds.Contains("account") ? null : balances.Listen(
            account => queue.Writer.TryWrite(new HostEvent("account", account.ToString(), null, time.GetUtcNow())));
        try
        {
            // The first says that the stream is open; then one in each pause shows proxies and the reader that it still is.
            yield return Item(new HostEvent("open", null, null, time.GetUtcNow()));
            var checkedAt = time.GetTimestamp();
            while (!cancellation.IsCancellationRequested)
            {
                var next = await NextAsync(queue.Reader, PauseOf(admin), cancellation);
                if (cancellation.IsCancellationRequested || admin.ExpiresAt <= time.GetUtcNow()) yield break;
                // A stream with many events has no pauses.
                if (next is null || time.GetElapsedTime(checkedAt) >= Pause)
                {
                    if (!await authentication.StillHoldsAsync(tokenHash, admin)) yield break;
                    checkedAt = time.GetTimestamp();
                }
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

    private async ValueTask<HostEvent?> NextAsync(ChannelReader<HostEvent> reader, TimeSpan longest, CancellationToken cancellation)
    {
        using var pause = new CancellationTokenSource(longest, time);
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

    private TimeSpan PauseOf(AdminIdentity admin)
    {
        // A timer may be early by a part of a millisecond.
        var left = admin.ExpiresAt - time.GetUtcNow() + TimeSpan.FromMilliseconds(1);
        return left is not { } rest || rest > Pause ? Pause : rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
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
