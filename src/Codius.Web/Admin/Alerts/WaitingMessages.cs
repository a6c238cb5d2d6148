using System.Threading.Channels;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// The messages that wait for one webhook, in their order: of too many the oldest warning is given up, and without one the oldest.
/// </summary>
internal sealed class WaitingMessages(int most)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<AlertMessage> _messages = new();

    // At most one: that there is something to look at.
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <returns>The message that is given up for it, which may be itself; null for none.</returns>
    public AlertMessage? Add(AlertMessage message)
    {
        AlertMessage? givenUp = null;
        lock (_lock)
        {
            _messages.AddLast(message);
            if (_messages.Count > most)
            {
                givenUp = _messages.FirstOrDefault(waiting => !waiting.IsCritical) ?? _messages.First!.Value;
                _messages.Remove(givenUp);
            }
        }
        _added.Writer.TryWrite(true);
        return givenUp;
    }

    /// <summary>The oldest, once there is one; one caller at a time.</summary>
    public async ValueTask<AlertMessage> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_messages.First is { Value: var oldest })
                {
                    _messages.RemoveFirst();
                    return oldest;
                }
            }
            await _added.Reader.ReadAsync(cancellation);
        }
    }
}
