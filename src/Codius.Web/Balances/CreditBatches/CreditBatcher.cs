using System.Collections.Concurrent;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>
/// Credits packets and receipts. Those of one account that come while a script of it is under way wait and go out together, and accounts
/// that are ready within a moment share a script. So an account has one script of credits in the store, and a flood on it delays other
/// accounts by no more than that.
/// </summary>
internal sealed class CreditBatcher
{
    /// <summary>
    /// How many credits and accounts a script has at most: so long it keeps the store from all others. An account's first credit of an
    /// hour, and one that trims its statement, take longer than others.
    /// </summary>
    private const int Most = 64, MostAccounts = 16;

    private readonly ConcurrentDictionary<AccountId, CreditQueue> _queues = new();
    private readonly Turns<CreditQueue> _turns;
    private readonly CreditScripts _scripts;
    private readonly SupervisedWork _work;

    public CreditBatcher(
        LedgerScripts scripts, IncomingOptions incoming, Action<AccountId> changed, SupervisedWork work,
        Action<IThreadPoolWorkItem>? queue = null)
    {
        (_scripts, _work) = (new CreditScripts(scripts, incoming, changed), work);
        _turns = new Turns<CreditQueue>(Send, queue ?? Turns.QueueToPool);
    }

    /// <summary>How long the record of a packet's receipt is kept at most.</summary>
    public static readonly TimeSpan ConnectionTotalKept = TimeSpan.FromHours(25);

    /// <summary>The script's answer to this credit; null if the store is unavailable or its answer was lost.</summary>
    public Task<CreditAnswer?> CreditAsync(CreditRequest request)
    {
        // A queue that ends between the two calls is not in the dictionary any more.
        while (!_queues.GetOrAdd(request.Account, NewQueue).TryAdd(request)) { }
        return request.Answer;
    }

    private CreditQueue NewQueue(AccountId account) =>
        new(account, _turns.Add, queue => _queues.TryRemove(KeyValuePair.Create(account, queue)));

    private void Send(IReadOnlyList<CreditQueue> ready)
    {
        var mayShare = false;
        if (ready.Count > 1) _work.Try(() => mayShare = _scripts.MayShare);
        var (parts, count) = (new List<AccountCredits>(), 0);
        foreach (var queue in ready)
        {
            var part = new AccountCredits(queue, queue.DequeueNext(Most));
            if (parts.Count > 0 && (!mayShare || parts.Count == MostAccounts || count + part.Requests.Count > Most))
            {
                Send(parts);
                (parts, count) = ([], 0);
            }
            parts.Add(part);
            count += part.Requests.Count;
        }
        Send(parts);
    }

    private void Send(List<AccountCredits> parts) => _ = _work.TryAsync(() => _scripts.SendAsync(parts));
}
