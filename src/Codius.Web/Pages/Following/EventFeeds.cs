using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Following;

/// <summary>The feeds of the accounts that are followed now, one each: all streams of an account share its feed.</summary>
internal sealed class EventFeeds(
    StateReader reader, IBalanceChanges balances, AppStateChanges apps, IOptions<PageOptions> options, Drain drain, Supervisor supervisor,
    TimeProvider time)
{
    private readonly SupervisedWork _work = supervisor.Work("event streams");
    private readonly Dictionary<(AccountId Account, string? App), EventFeed> _feeds = [];
    private readonly Lock _lock = new();

    /// <summary>The feed of an account, begun with the first stream; each caller leaves it once.</summary>
    public EventFeed Enter(Followed followed)
    {
        lock (_lock)
        {
            // One that has ended, since the ledger went away, is not entered any more.
            if (!_feeds.TryGetValue(KeyOf(followed), out var feed) || feed.Current.IsEnd)
                _feeds[KeyOf(followed)] = feed = Begin(followed);
            feed.Followers++;
            return feed;
        }
    }

    public void Leave(EventFeed feed)
    {
        lock (_lock)
        {
            if (--feed.Followers > 0) return;
            if (_feeds.GetValueOrDefault(KeyOf(feed.Followed)) == feed) _feeds.Remove(KeyOf(feed.Followed));
        }
        feed.Stop();
    }

    private EventFeed Begin(Followed followed)
    {
        var feed = new EventFeed(followed, reader, balances, apps, options.Value.Heartbeat, time);
        _ = _work.TryAsync(() => feed.RunAsync(drain.StreamsEnd));
        return feed;
    }

    private static (AccountId Account, string? App) KeyOf(Followed followed) => (followed.Account, followed.App?.Name);
}
