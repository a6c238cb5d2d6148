using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Balances.LeaseBatches;

/// <summary>
/// Sends steps of leases to the store. Those that come within a moment share a script, as those of all accounts do when they are settled:
/// so what a thousand apps cost the store and the gateway each second is far fewer scripts than apps.
/// </summary>
internal sealed class LeaseBatcher
{
    /// <summary>How many steps a script has at most: so long it keeps the store from all others.</summary>
    public const int Most = 32;

    private readonly LedgerScripts _scripts;
    private readonly SupervisedWork _work;
    private readonly Turns<LeaseStep> _turns;

    public LeaseBatcher(LedgerScripts scripts, SupervisedWork work, Action<IThreadPoolWorkItem>? queue = null)
    {
        (_scripts, _work) = (scripts, work);
        _turns = new Turns<LeaseStep>(Send, queue ?? Turns.QueueToPool);
    }

    /// <summary>The script's answer; null if the store is unavailable or its answer was lost.</summary>
    /// <param name="account">The account.</param>
    /// <param name="arguments">All arguments of <see cref="LedgerScript.Lease"/> but the last, which is the same for all scripts.</param>
    public Task<RedisValue[]?> RunAsync(AccountId account, RedisValue[] arguments)
    {
        var step = new LeaseStep(account, arguments);
        _turns.Add(step);
        return step.Answer;
    }

    private void Send(IReadOnlyList<LeaseStep> ready)
    {
        var mayShare = false;
        if (ready.Count > 1) _work.Try(() => mayShare = _scripts.MayShare);
        if (!mayShare)
        {
            foreach (var step in ready) _ = _work.TryAsync(() => SendOneAsync(step));
            return;
        }
        foreach (var steps in ready.Chunk(Most))
            _ = _work.TryAsync(() => steps.Length == 1 ? SendOneAsync(steps[0]) : SendTogetherAsync(steps));
    }

    private async Task SendOneAsync(LeaseStep step)
    {
        try
        {
            step.End(await _scripts.TryRunAsync(LedgerScript.Lease, [BalanceKeys.Account(step.Account)], step.Arguments));
        }
        catch (Exception fault)
        {
            step.Fail(fault);
            throw;
        }
    }

    private async Task SendTogetherAsync(LeaseStep[] steps)
    {
        // Refused for whatever cause: each alone, so that one which cannot be read stops no other. A step that the script has taken finds
        // its sequence.
        var alone = new List<LeaseStep>();
        try
        {
            var (keys, arguments) = Write(steps);
            var result = await _scripts.RunWholeAsync(LedgerScript.Leases, keys, arguments, credits: false);
            if (result.Values is { } answers && answers.Length != steps.Length)
                throw new InvalidOperationException($"{steps.Length} steps have {answers.Length} answers");
            for (var i = 0; i < steps.Length; i++)
            {
                if (result.WasRefused || (result.Values is { } values && IsFailed(values[i]))) alone.Add(steps[i]);
                else steps[i].End(result.Values is { } each ? Parse(each[i]) : null);
            }
        }
        catch (Exception fault)
        {
            foreach (var step in steps) step.Fail(fault);
            throw;
        }
        await Task.WhenAll(alone.Select(SendOneAsync));
    }

    private (RedisKey[] Keys, RedisValue[] Arguments) Write(LeaseStep[] steps)
    {
        var (keys, arguments) = (new List<RedisKey>(4 * steps.Length), new List<RedisValue>(17 * steps.Length) { steps.Length });
        foreach (var step in steps)
        {
            var account = BalanceKeys.Account(step.Account);
            keys.Add(account);
            keys.AddRange(BalanceKeys.Books(account));
            arguments.AddRange(step.Arguments);
            arguments.Add(_scripts.KeptFrom(step.Account));
        }
        return ([.. keys], [.. arguments]);
    }

    private static bool IsFailed(RedisValue answer) => ((ReadOnlyMemory<byte>)answer).Span.StartsWith("failed "u8);

    private static RedisValue[] Parse(RedisValue answer) => Array.ConvertAll(((string)answer!).Split(','), field => (RedisValue)field);
}
