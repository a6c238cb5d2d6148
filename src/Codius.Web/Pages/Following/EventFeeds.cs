using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Following;

/// <summary>
/// The feeds that are followed now: all streams of an account share its feed, and those of an app that of its version and settings.
/// </summary>
internal sealed class EventFeeds(
    StateReader reader, IBalanceChanges balances, AppStateChanges apps, IOptions<PageOptions> options, Drain drain, Supervisor supervisor,
    TimeProvider time)
{
    private readonly SupervisedWork _work = supervisor.Work("event streams");
    private readonly Dictionary<Followed, EventFeed> _feeds = [];
    private readonly Lock _lock = new();

    /// <summary>The feed of what is followed, begun with the first stream; each caller leaves it once.</summary>
    public EventFeed Enter(Followed followed)
    {
        lock (_lock)
        {
            // One that has ended, since the ledger went away, is not entered any more.
            if (!_feeds.TryGetValue(followed, out var feed) || feed.Current.IsEnd)
                _feeds[followed] = feed = Begin(followed);
            feed.Followers++;
            return feed;
        }
    }

    public void Leave(EventFeed feed)
    {
        lock (_lock)
        {
            if (--feed.Followers > 0) return;
            if (_feeds.GetValueOrDefault(feed.Followed) == feed) _feeds.Remove(feed.Followed);
        }
        feed.Stop();
    }

    private EventFeed Begin(Followed followed)
    {
        var feed = new EventFeed(followed, reader, balances, apps, options.Value.Heartbeat, time);
        _ = _work.TryAsync(() => feed.RunAsync(drain.StreamsEnd));
        return feed;
    }
}
