namespace Codius.Web.Pages.Following;

/// <summary>
/// One open stream of server-sent events: the state at once, then each different state, and after a while without one
/// a heartbeat: a named event, since a page must hear it to notice a stream that falls silent.
/// </summary>
internal sealed class EventStream(EventFeeds feeds)
{
    // The delay before the browser reconnects after the gateway ended the stream.
    private static readonly byte[] Opening = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Heartbeat = "event: alive\ndata: {}\n\n"u8.ToArray();

    public async Task RunAsync(HttpResponse response, Followed followed, CancellationToken client)
    {
        var feed = feeds.Enter(followed);
        try
        {
            var written = Opening;
            await response.BodyWriter.WriteAsync(Opening, client);
            for (var now = feed.Current; !now.IsEnd; now = feed.Current)
            {
                if (now.State is { } state)
                {
                    await response.BodyWriter.WriteAsync(ReferenceEquals(state, written) ? Heartbeat : state, client);
                    written = state;
                }
                await now.Superseded.WaitAsync(client);
            }
        }
        finally
        {
            feeds.Leave(feed);
        }
    }
}
