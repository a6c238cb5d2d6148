using System.Threading.Channels;

namespace Codius.Web.Apps.Kubernetes.Leading;

/// <summary>
/// Repeats work that one gateway does for all: a round when this gateway begins to lead, when something is signalled, and from time to
/// time.
/// </summary>
internal sealed class LeaderRounds(ILeadership leadership, TimeProvider time)
{
    // One waiting signal is enough: the round after it sees all that was before it.
    private readonly Channel<bool> _signals =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The next round comes at once.</summary>
    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Runs rounds until it is cancelled or one throws.</summary>
    /// <param name="every">The time between two rounds.</param>
    /// <param name="round">A round; returns null, or after which other time the next one comes, such as soon after trouble.</param>
    /// <param name="end">Ends them.</param>
    public async Task RunAsync(TimeSpan every, Func<CancellationToken, Task<TimeSpan?>> round, CancellationToken end)
    {
        leadership.Changed += Signal;
        try
        {
            while (!end.IsCancellationRequested)
            {
                var sooner = leadership.IsLeader ? await round(end) : null;
                using var wait = new CancellationTokenSource(sooner ?? every, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, end);
                await ((Task)_signals.Reader.WaitToReadAsync(either.Token).AsTask())
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _signals.Reader.TryRead(out _);
            }
        }
        finally
        {
            leadership.Changed -= Signal;
        }
    }
}
