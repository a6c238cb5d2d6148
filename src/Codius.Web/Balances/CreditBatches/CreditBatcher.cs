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
    /// <summary>How many credits a script has at most: so long it keeps the store from all others.</summary>
    private const int Most = 64;

    private readonly ConcurrentDictionary<AccountId, CreditQueue> _queues = new();
    private readonly CreditTurns _turns;
    private readonly CreditScripts _scripts;
    private readonly SupervisedWork _work;

    public CreditBatcher(LedgerScripts scripts, IncomingOptions incoming, Action<AccountId> changed, SupervisedWork work)
    {
        (_scripts, _work) = (new CreditScripts(scripts, incoming, changed), work);
        _turns = new CreditTurns(Send);
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
        var mayShare = ready.Count > 1 && _scripts.MayShare;
        var (parts, count) = (new List<CreditPart>(), 0);
        foreach (var queue in ready)
        {
            var part = new CreditPart(queue, queue.TakeNext(Most));
            if (parts.Count > 0 && (!mayShare || count + part.Requests.Count > Most))
            {
                Send(parts);
                (parts, count) = ([], 0);
            }
            parts.Add(part);
            count += part.Requests.Count;
        }
        Send(parts);
    }

    private void Send(List<CreditPart> parts) => _ = _work.TryAsync(() => _scripts.SendAsync(parts));
}
