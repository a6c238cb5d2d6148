using Codius.Web.Balances;

namespace Codius.Web.Admin.Alerts;

/// <summary>Sends the beginning and the end of alerts, each once by all gateways together.</summary>
/// <param name="marks">The marks that gateways share.</param>
/// <param name="send">Sends that an alert began, or with true that it ended.</param>
/// <param name="withoutStore">True to send also while the store is away: each gateway then does.</param>
internal sealed class MarkedAlerts(AlertMarks marks, Func<Alert, bool, AlertMessage> send, bool withoutStore)
{
    /// <param name="watched">What is watched; those of it that are alerts.</param>
    /// <param name="over">What was over in this round.</param>
    /// <param name="now">The round's time: what was seen then is seen now.</param>
    public async Task SendAsync(IEnumerable<WatchedCondition> watched, IEnumerable<WatchedCondition> over, DateTimeOffset now)
    {
        var isStoreAway = false;
        foreach (var condition in watched.Where(condition => condition.IsAlert))
            isStoreAway |= !await TrySendBeganAsync(condition, condition.LastSeen == now, isStoreAway);
        foreach (var condition in over.Where(condition => condition.IsAlert))
            isStoreAway |= !await TrySendEndedAsync(condition, isStoreAway);
    }

    /// <summary>False if the store is away: the rest of the round does not wait for it again.</summary>
    private async Task<bool> TrySendBeganAsync(WatchedCondition condition, bool isSeen, bool isStoreAway)
    {
        if (!isStoreAway)
        {
            try
            {
                await MarkAsync(condition, isSeen);
                return true;
            }
            catch (LedgerUnavailableException)
            {
                // As below.
            }
        }
        // Its mark may run out before the store is back.
        condition.IsMarked = false;
        if (withoutStore && isSeen && condition.Message is null) condition.Message = send(condition.Alert, false);
        return false;
    }

    // What is not seen for a while keeps its mark, but gets none anew: another gateway may have ended it.
    private async Task MarkAsync(WatchedCondition condition, bool isSeen)
    {
        if (condition is { Message: { } sent, IsMarked: true })
        {
            if (await marks.TryRenewAsync(condition.Id, sent.IsDone, condition.Memory) || !isSeen) return;
            // Another gateway has ended what is seen here: it began again.
            condition.Message = null;
        }
        if (!isSeen) return;
        if (condition.Message is { } unmarked) await marks.SetAsync(condition.Id, unmarked.IsDone, condition.Memory);
        else if (await marks.TryClaimAsync(condition.Id, condition.Memory)) condition.Message = send(condition.Alert, false);
        else return;
        condition.IsMarked = true;
    }

    private async Task<bool> TrySendEndedAsync(WatchedCondition condition, bool isStoreAway)
    {
        // Without a mark, the gateway that sent the beginning sends the end: no other may know of it.
        var (isOurs, isStoreThere) = (condition is { Message: not null, IsMarked: false }, !isStoreAway);
        try
        {
            // A crash after this line: that it ended is not sent. Its beginning would otherwise never be sent again.
            if (isStoreThere) isOurs |= await marks.TryEndAsync(condition.Id);
        }
        catch (LedgerUnavailableException)
        {
            isStoreThere = false;
        }
        isOurs |= withoutStore && !isStoreThere && condition.Message is not null;
        if (isOurs) send(condition.Alert, true);
        return isStoreThere;
    }
}
