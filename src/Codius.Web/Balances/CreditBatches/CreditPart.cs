using Codius.Web.Balances.Incoming;
using StackExchange.Redis;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>Credits of one account as a script takes them.</summary>
/// <param name="Queue">The account's queue.</param>
/// <param name="Requests">Its credits, in their order.</param>
internal sealed record CreditPart(CreditQueue Queue, IReadOnlyList<CreditRequest> Requests)
{
    /// <summary>Appends the keys and the arguments; those that each script of an account has at the end are not among them.</summary>
    public void WriteTo(List<RedisKey> keys, List<RedisValue> arguments, IncomingOptions incoming)
    {
        var hasPayment = false;
        foreach (var request in Requests) hasPayment |= request.HasIncomingPayment;
        keys.Add(BalanceKeys.Account(Queue.Account));
        if (hasPayment) keys.AddRange(BalanceKeys.IncomingPayments(Queue.Account));
        arguments.Add(hasPayment);
        arguments.Add(incoming.MostKept);
        arguments.Add((long)IncomingLedger.Kept.TotalMilliseconds);
        arguments.Add((long)CreditBatcher.ConnectionTotalKept.TotalMilliseconds);
        foreach (var request in Requests) request.WriteTo(keys, arguments);
    }
}
