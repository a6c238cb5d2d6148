using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>Sends credits of one account in its script, those of several in the script that runs it for each, and gives each its answer.</summary>
/// <param name="scripts">The ledger's scripts.</param>
/// <param name="incoming">How many incoming payments an account keeps.</param>
/// <param name="changed">Called with each account that was credited.</param>
internal sealed class CreditScripts(LedgerScripts scripts, IncomingOptions incoming, Action<AccountId> changed)
{
    private static ReadOnlySpan<byte> Failed => "failed "u8;

    /// <summary>True if several accounts may go out together.</summary>
    public bool MayShare => scripts.MayShare;

    /// <summary>Sends them in one script. Every credit has its answer afterwards, and every queue knows that its script has ended.</summary>
    public Task SendAsync(IReadOnlyList<CreditPart> parts) =>
        parts.Count == 1 ? EndAsync(parts[0], SendOneAsync(parts[0])) : SendTogetherAsync(parts);

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

    private static async Task EndAsync(CreditPart part, Task<bool> sent)
    {
        var answered = false;
        try
        {
            answered = await sent;
        }
        catch (Exception fault)
        {
            foreach (var request in part.Requests) request.Fail(fault);
        }
        part.Queue.End(answered);
    }

    private async Task<bool> SendOneAsync(CreditPart part)
    {
        var result = await RunAsync(part);
        return result.WasRefused && part.Requests.Count > 1 ? await SendEachAsync(part) : result.IsAnswered;
    }

    // One of them may be the cause, such as a record that cannot be read: each alone, so that it stops no other.
    private Task<bool> SendEachAsync(CreditPart part) => SendEachAsync(part.Requests, one => RunAsync(part with { Requests = one }));

    private async Task<ScriptResult> RunAsync(CreditPart part)
    {
        var (keys, arguments) = (new List<RedisKey>(), new List<RedisValue>());
        part.WriteTo(keys, arguments, incoming);
        var result = await scripts.RunAsync(LedgerScript.Credit, [.. keys], [.. arguments], credits: true);
        if (!result.WasRefused || part.Requests.Count == 1) Answer(part, result.Values, 0);
        return result;
    }

    private async Task SendTogetherAsync(IReadOnlyList<CreditPart> parts)
    {
        var run = RunTogetherAsync(parts);
        await Task.WhenAny(run);
        var (first, ends) = (0, new List<Task>(parts.Count));
        foreach (var part in parts)
        {
            ends.Add(EndAsync(part, AnswerAsync(part, run, first)));
            first += part.Requests.Count;
        }
        await Task.WhenAll(ends);
    }

    private async Task<ScriptResult> RunTogetherAsync(IReadOnlyList<CreditPart> parts)
    {
        var (keys, arguments) = (new List<RedisKey>(), new List<RedisValue> { parts.Count });
        // First how many keys, arguments and credits each has, and then these.
        for (var i = 0; i < 3 * parts.Count; i++) arguments.Add(default);
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, keysBefore, argumentsBefore) = (parts[i], keys.Count, arguments.Count);
            part.WriteTo(keys, arguments, incoming);
            keys.AddRange(BalanceKeys.Books(keys[keysBefore]));
            arguments.Add(scripts.KeptFrom(part.Queue.Account));
            arguments[3 * i + 1] = keys.Count - keysBefore;
            arguments[3 * i + 2] = arguments.Count - argumentsBefore;
            arguments[3 * i + 3] = part.Requests.Count;
        }
        return await scripts.RunWholeAsync(LedgerScript.Credits, [.. keys], [.. arguments], credits: true);
    }

    private async Task<bool> AnswerAsync(CreditPart part, Task<ScriptResult> run, int first)
    {
        var result = await run;
        // The store refused the whole script, for whatever cause: as if each account had been sent alone.
        if (result.WasRefused) return await SendOneAsync(part);
        if (result.Values is not { } values || !IsFailed(values[first]))
        {
            Answer(part, result.Values, first);
            return result.IsAnswered;
        }
        scripts.RecordRefused(LedgerScript.Credits, ((string)values[first]!)[Failed.Length..]);
        if (part.Requests.Count > 1) return await SendEachAsync(part);
        part.Requests[0].Complete(null);
        return true;
    }

    private static bool IsFailed(RedisValue answer) => ((ReadOnlyMemory<byte>)answer).Span.StartsWith(Failed);

    private void Answer(CreditPart part, RedisValue[]? values, int first)
    {
        var credited = false;
        for (var i = 0; i < part.Requests.Count; i++)
        {
            var answer = values is null ? null : CreditAnswer.Parse(((ReadOnlyMemory<byte>)values[first + i]).Span);
            credited |= answer?.Outcome == "credited";
            part.Requests[i].Complete(answer);
        }
        if (credited) changed(part.Queue.Account);
    }
}
