using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>Sends credits of an account in its script, and those of several in one that runs it for each.</summary>
/// <param name="scripts">The ledger's scripts.</param>
/// <param name="incoming">How many incoming payments an account keeps.</param>
/// <param name="changed">Called with each account that was credited.</param>
internal sealed class CreditScripts(LedgerScripts scripts, IncomingOptions incoming, Action<AccountId> changed)
{
    private static ReadOnlySpan<byte> Failed => "failed "u8;

    /// <summary>True if several accounts may go out together.</summary>
    public bool MayShare => scripts.MayShare;

    /// <summary>Sends them in one script. Afterwards every credit has its answer, and <see cref="CreditQueue.End"/> was called.</summary>
    public Task SendAsync(IReadOnlyList<AccountCredits> parts) =>
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

    private static async Task EndAsync(AccountCredits part, Task<bool> sent)
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

    private async Task<bool> SendOneAsync(AccountCredits part)
    {
        var result = await RunAsync(part);
        return result.WasRefused && part.Requests.Count > 1 ? await SendEachAsync(part) : result.IsAnswered;
    }

    // One of them may be the cause, such as a record that cannot be read: each alone, so that it stops no other.
    private Task<bool> SendEachAsync(AccountCredits part) => SendEachAsync(part.Requests, one => RunAsync(part with { Requests = one }));

    private async Task<ScriptResult> RunAsync(AccountCredits part)
    {
        var (keys, arguments) = (new List<RedisKey>(), new List<RedisValue>());
        part.WriteTo(keys, arguments, incoming);
        var result = await scripts.RunAsync(LedgerScript.Credit, [.. keys], [.. arguments], credits: true);
        if (!result.WasRefused || part.Requests.Count == 1) Answer(part, result.Values, 0);
        return result;
    }

    private async Task SendTogetherAsync(IReadOnlyList<AccountCredits> parts)
    {
        if (!TryWrite(parts, out var keys, out var arguments))
        {
            // That of one account cannot be written: it alone fails.
            await Task.WhenAll(parts.Select(part => SendAsync([part])));
            return;
        }
        var run = RunTogetherAsync(keys, arguments, parts.Sum(part => part.Requests.Count));
        await Task.WhenAny(run);
        var (credits, ends) = (0, new List<Task>());
        foreach (var part in parts)
        {
            var end = EndAsync(part, AnswerAsync(part, run, credits));
            if (!end.IsCompletedSuccessfully) ends.Add(end);
            credits += part.Requests.Count;
        }
        await Task.WhenAll(ends);
    }

    private bool TryWrite(IReadOnlyList<AccountCredits> parts, out List<RedisKey> keys, out List<RedisValue> arguments)
    {
        (keys, arguments) = ([], [parts.Count]);
        try
        {
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
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private async Task<ScriptResult> RunTogetherAsync(List<RedisKey> keys, List<RedisValue> arguments, int credits)
    {
        var result = await scripts.RunWholeAsync(LedgerScript.Credits, [.. keys], [.. arguments], credits: true);
        // Or an answer would be given to the credit of another account.
        return result.Values is null || result.Values.Length == credits
            ? result : throw new InvalidOperationException($"{credits} credits have {result.Values.Length} answers");
    }

    // Nearly always at once: a task for each account would cost as much as its part of the script.
    private Task<bool> AnswerAsync(AccountCredits part, Task<ScriptResult> run, int first)
    {
        try
        {
            var result = run.GetAwaiter().GetResult(); // it has ended
            // The store refused the whole script, for whatever cause: as if each account had been sent alone.
            if (result.WasRefused) return SendOneAsync(part);
            if (result.Values is { } values && IsFailed(values[first])) return SendFailedAsync(part, values[first]);
            Answer(part, result.Values, first);
            return Task.FromResult(result.IsAnswered);
        }
        catch (Exception fault)
        {
            return Task.FromException<bool>(fault);
        }
    }

    private async Task<bool> SendFailedAsync(AccountCredits part, RedisValue failure)
    {
        scripts.RecordRefused(LedgerScript.Credits, ((string)failure!)[Failed.Length..]);
        if (part.Requests.Count > 1) return await SendEachAsync(part);
        part.Requests[0].Complete(null);
        return true;
    }

    private static bool IsFailed(RedisValue answer) => ((ReadOnlyMemory<byte>)answer).Span.StartsWith(Failed);

    private void Answer(AccountCredits part, RedisValue[]? values, int first)
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
