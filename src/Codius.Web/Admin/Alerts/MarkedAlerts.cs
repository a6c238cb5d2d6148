using Codius.Web.Balances.Storage;

namespace Codius.Web.Admin.Alerts;

/// <summary>Sends the beginning and the end of alerts, each once by all gateways together; used by one caller at a time.</summary>
/// <param name="marks">The marks that gateways share.</param>
/// <param name="held">The messages that this gateway delivers.</param>
/// <param name="make">Makes the message that an alert began, or with true that it ended.</param>
/// <param name="deliver">Delivers one that was made.</param>
/// <param name="told">
/// Null where the marks are read of each alert that there may be. Otherwise the alerts are sent also while the store is away: each gateway
/// then sends its own.
/// </param>
internal sealed class MarkedAlerts(
    AlertMarks marks, HeldMessages held, Func<Alert, bool, AlertMessage> make, Action<Alert, AlertMessage> deliver, ToldAlerts? told = null)
{
    /// <summary>Gateways check one after the other: what another one has seen so long ago is over for it too.</summary>
    private static readonly TimeSpan SeenByOther = WatchedCondition.Lasting - AlertWatch.Interval;

    // Over, and the store was away: the next round goes on.
    private readonly List<WatchedCondition> _unended = [];

    // Sent as ended while the store was away: their marks are there still.
    private readonly HashSet<string> _endedWithoutStore = new(StringComparer.Ordinal);

    /// <param name="watched">What is watched; those of it that are alerts.</param>
    /// <param name="over">What was over in this round.</param>
    /// <param name="now">The round's time: what was seen then is seen now.</param>
    /// <returns>False if the store is away.</returns>
    public async Task<bool> SendAsync(
        IReadOnlyCollection<WatchedCondition> watched, IEnumerable<WatchedCondition> over, DateTimeOffset now)
    {
        var isStoreAway = !await TryAsync(ForgetEndedAsync, isStoreAway: false);
        foreach (var condition in watched.Where(condition => condition.IsAlert))
            isStoreAway |= !await TrySendBeganAsync(condition, condition.LastSeen == now, isStoreAway);
        isStoreAway |= !await TryAsync(() => SeeAsync(watched, now), isStoreAway);
        List<WatchedCondition> ended = [.. _unended, .. over.Where(condition => condition.IsAlert)];
        _unended.Clear();
        foreach (var condition in ended) isStoreAway |= !await TrySendEndedAsync(condition, now, isStoreAway);
        return !isStoreAway;
    }

    /// <summary>False if the store is away: the rest of the round does not wait for it again.</summary>
    private async Task<bool> TrySendBeganAsync(WatchedCondition condition, bool isSeen, bool isStoreAway)
    {
        if (await TryAsync(() => MarkAsync(condition, isSeen), isStoreAway)) return true;
        // Its mark may run out before the store is back.
        condition.IsMarked = false;
        if (told is not null && isSeen && condition.Message is null) SendBegan(condition);
        return false;
    }

    // What is not seen for a while keeps its mark, but gets none anew: another gateway may have ended it.
    private async Task MarkAsync(WatchedCondition condition, bool isSeen)
    {
        if (condition is { Message: { } sent, IsMarked: true })
        {
            if (await marks.TryRenewAsync(condition.Id, held.IsSafe(sent), condition.Memory) || !isSeen) return;
            // Another gateway has ended what is seen here: it began again.
            condition.Message = null;
        }
        if (!isSeen) return;
        if (condition.Message is { } unmarked) await marks.SetAsync(condition.Id, held.IsSafe(unmarked), condition.Memory);
        // A crash after this line: the mark ends in two minutes, and a gateway that sees the alert sends it.
        else if (await marks.TryClaimAsync(condition.Id, condition.Memory)) await StoreBeganAsync(condition);
        else return;
        condition.IsMarked = true;
    }

    private async Task StoreBeganAsync(WatchedCondition condition)
    {
        var message = SendBegan(condition);
        condition.IsMarked = true;
        await held.AddAsync(message);
        // A crash before this line: it is sent twice, by the gateway that goes on with the message and by one that sees the alert.
        await marks.TryRenewAsync(condition.Id, held.IsSafe(message), condition.Memory);
    }

    private AlertMessage SendBegan(WatchedCondition condition)
    {
        var message = make(condition.Alert, false);
        condition.Message = message;
        held.Add(message);
        deliver(condition.Alert, message);
        return message;
    }

    private async Task<bool> TrySendEndedAsync(WatchedCondition condition, DateTimeOffset now, bool isStoreAway)
    {
        var message = condition.End ??= make(condition.Alert, true);
        // Without a mark, the gateway that sent the beginning sends the end: no other may know of it.
        var isOurs = condition is { Message: not null, IsMarked: false } || condition.MayHaveEnded;
        var isStoreThere = await TryAsync(async () => isOurs = await IsOursAsync(condition, message, now, isOurs), isStoreAway);
        if (!isStoreThere && (isOurs || (told is not null && condition.Message is not null)))
        {
            _endedWithoutStore.Add(condition.Id);
            isOurs = true;
        }
        if (isOurs)
        {
            held.Add(message);
            deliver(condition.Alert, message);
        }
        // What the owner was told is read again.
        else if (!isStoreThere && (told is null || condition.MayHaveEnded)) _unended.Add(condition);
        return isStoreThere;
    }

    private async Task<bool> IsOursAsync(WatchedCondition condition, AlertMessage message, DateTimeOffset now, bool isOurs)
    {
        // The gateway that sees it still sends the end, or, if that one crashes, one that reads what the owner was told.
        if (told is not null && !isOurs && await told.IsSeenSinceAsync(condition.Id, now - SeenByOther)) return false;
        await held.AddAsync(message);
        // A crash after this line: the message is stored, and another gateway may end the alert too. It is sent twice, and not never.
        condition.MayHaveEnded = true;
        isOurs |= await marks.TryEndAsync(condition.Id);
        if (told is not null) await told.ForgetAsync([condition.Id]);
        if (!isOurs) await held.RemoveAsync([message]);
        return isOurs;
    }

    private async Task SeeAsync(IEnumerable<WatchedCondition> watched, DateTimeOffset now)
    {
        if (told is null) return;
        var seen = watched.Where(condition => condition.IsAlert && condition.LastSeen == now).Select(condition => condition.Alert).ToList();
        if (seen.Count > 0) await told.SeeAsync(seen, now);
    }

    private async Task ForgetEndedAsync()
    {
        if (_endedWithoutStore.Count == 0) return;
        foreach (var ended in _endedWithoutStore) await marks.TryEndAsync(ended);
        if (told is not null) await told.ForgetAsync(_endedWithoutStore);
        _endedWithoutStore.Clear();
    }

    private static async Task<bool> TryAsync(Func<Task> call, bool isStoreAway) => !isStoreAway && await StoreTrouble.TryAsync(call);
}
