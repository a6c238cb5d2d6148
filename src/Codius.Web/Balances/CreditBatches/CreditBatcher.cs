using System.Collections.Concurrent;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>
/// Credits packets and receipts; those of one account that come while a script of it is under way share the next one. So an account
/// has one script of credits in the store, and a flood on it delays other accounts by no more than that. The scripts of many accounts go
/// out in turns, many in one packet of the network.
/// </summary>
internal sealed class CreditBatcher(LedgerScripts scripts, IncomingOptions incoming, Action<AccountId> changed, SupervisedWork work)
{
    private const int Most = 64;

    private readonly ConcurrentDictionary<AccountId, CreditQueue> _queues = new();
    private readonly SharedTurn _turn = new();

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
        new(Most, batch => RunAsync(account, batch), _turn.WaitAsync,
            queue => _queues.TryRemove(KeyValuePair.Create(account, queue)), work);

    /// <summary>Sends each alone; when the store stops answering, the rest gets no answer at once, and the result is false.</summary>
    public static async Task<bool> SendEachAsync(
        IReadOnlyList<CreditRequest> batch, Func<IReadOnlyList<CreditRequest>, Task<ScriptResult>> send)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var result = await send([batch[i]]);
            if (result.IsAnswered) continue;
            // The rest would wait for a time-out each, and all that come after them. What of it a refused script has counted, a repeat
            // finds by its mark.
            for (var rest = i + 1; rest < batch.Count; rest++) batch[rest].Complete(null);
            return false;
        }
        return true;
    }

    private async Task<bool> RunAsync(AccountId account, IReadOnlyList<CreditRequest> batch)
    {
        var result = await SendAsync(account, batch);
        // One of them may be the cause, such as a record that cannot be read: each alone, so that it stops no other.
        return result.WasRefused && batch.Count > 1
            ? await SendEachAsync(batch, one => SendAsync(account, one))
            : result.IsAnswered;
    }

    private async Task<ScriptResult> SendAsync(AccountId account, IReadOnlyList<CreditRequest> batch)
    {
        var (keys, arguments) = Write(account, batch);
        var result = await scripts.RunAsync(LedgerScript.Credit, keys, arguments, credits: true);
        if (result.WasRefused && batch.Count > 1) return result;
        var credited = false;
        for (var i = 0; i < batch.Count; i++)
        {
            var answer = result.Values is { } values ? CreditAnswer.Parse((string)values[i]!) : null;
            credited |= answer?.Outcome == "credited";
            batch[i].Complete(answer);
        }
        if (credited) changed(account);
        return result;
    }

    private (RedisKey[] Keys, RedisValue[] Arguments) Write(AccountId account, IReadOnlyList<CreditRequest> batch)
    {
        var hasPayment = false;
        var (keyCount, argumentCount) = (1, 4);
        foreach (var request in batch)
        {
            hasPayment |= request.HasIncomingPayment;
            keyCount += request.KeyCount;
            argumentCount += request.ArgumentCount;
        }
        var payments = hasPayment ? BalanceKeys.IncomingPayments(account) : [];
        var keys = new List<RedisKey>(keyCount + payments.Length) { BalanceKeys.Account(account) };
        keys.AddRange(payments);
        var arguments = new List<RedisValue>(argumentCount)
        {
            hasPayment, incoming.MostKept, (long)IncomingLedger.Kept.TotalMilliseconds, (long)ConnectionTotalKept.TotalMilliseconds,
        };
        foreach (var request in batch) request.WriteTo(keys, arguments);
        return ([.. keys], [.. arguments]);
    }
}
