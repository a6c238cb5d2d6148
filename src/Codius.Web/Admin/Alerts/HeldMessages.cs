using Codius.Web.Balances;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// The messages that this gateway delivers: in the store too until they were taken or given up, so that another gateway, or this one when
/// it starts anew, delivers them with the same id. While the store is away they are in memory alone.
/// </summary>
internal sealed class HeldMessages(StoredMessages stored, TimeProvider time)
{
    /// <summary>How long a message stays that of a gateway that crashed; one that stops leaves it at once.</summary>
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();

    // With how many webhooks it had left when it was stored; null for one that is not.
    private readonly Dictionary<AlertMessage, int?> _held = [];

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _held.Count == 0;
        }
    }

    private DateTimeOffset Until => time.GetUtcNow() + HeldFor;

    /// <summary>True if the message is not lost with this gateway.</summary>
    public bool IsSafe(AlertMessage message)
    {
        if (message.IsDone) return true;
        lock (_lock) return _held.GetValueOrDefault(message) is not null;
    }

    /// <summary>Holds a message, and stores it if the store is there.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away: it is stored when the store is back.</exception>
    public Task AddAsync(AlertMessage message)
    {
        if (message.IsDone) return Task.CompletedTask;
        Add(message);
        return PutAsync([message]);
    }

    /// <summary>Holds a message that is stored when the store is back.</summary>
    public void Add(AlertMessage message)
    {
        if (message.IsDone) return;
        lock (_lock) _held.TryAdd(message, null);
    }

    /// <summary>Stores what is not stored as it is, removes what is done, and takes what no gateway delivers any more.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public async Task<IReadOnlyList<AlertMessage>> KeepAsync(bool takes = true)
    {
        var held = Held();
        await RemoveAsync([.. held.Select(known => known.Key).Where(message => message.IsDone)]);
        await PutAsync([.. held.Where(known => !known.Key.IsDone && known.Value != known.Key.Left.Count).Select(known => known.Key)]);
        await stored.RenewAsync([.. Held().Where(known => known.Value is not null).Select(known => known.Key.Id)], Until);
        if (!takes) return [];
        var taken = await stored.TakeAsync(time.GetUtcNow(), Until);
        lock (_lock)
        {
            // This one's own, if it was frozen for so long.
            var here = _held.Keys.Select(message => message.Id).ToHashSet(StringComparer.Ordinal);
            taken = [.. taken.Where(message => !here.Contains(message.Id))];
            foreach (var message in taken) _held[message] = message.Left.Count;
        }
        return taken;
    }

    /// <summary>Removes messages that need not be delivered any more.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public async Task RemoveAsync(IReadOnlyCollection<AlertMessage> messages)
    {
        if (messages.Count == 0) return;
        await stored.RemoveAsync([.. messages.Select(message => message.Id)]);
        lock (_lock)
        {
            foreach (var message in messages) _held.Remove(message);
        }
    }

    /// <summary>Leaves the messages to the gateway that looks next. This one delivers no more.</summary>
    public async Task ReleaseAsync()
    {
        if (Held().Count == 0) return;
        // While the store is away: what is stored becomes any gateway's by itself.
        await StoreTrouble.TryAsync(async () =>
        {
            await KeepAsync(takes: false);
            await stored.RenewAsync([.. Held().Select(known => known.Key.Id)], DateTimeOffset.UnixEpoch);
        });
    }

    private async Task PutAsync(IReadOnlyCollection<AlertMessage> messages)
    {
        if (messages.Count == 0) return;
        var left = messages.ToDictionary(message => message, message => message.Left.Count);
        var put = await stored.PutAsync(messages, Until);
        lock (_lock)
        {
            foreach (var message in messages.Where(message => put.Contains(message.Id))) _held[message] = left[message];
        }
    }

    private List<KeyValuePair<AlertMessage, int?>> Held()
    {
        lock (_lock) return [.. _held];
    }
}
