using StackExchange.Redis;

namespace Codius.Web.Balances.LeaseBatches;

/// <summary>One step of a lease as the script reads it, and the task of its answer.</summary>
internal sealed class LeaseStep(AccountId account, RedisValue[] arguments)
{
    private readonly TaskCompletionSource<RedisValue[]?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AccountId Account => account;

    public RedisValue[] Arguments => arguments;

    /// <summary>Its answer; null if the store was unavailable or its answer was lost.</summary>
    public Task<RedisValue[]?> Answer => _answer.Task;

    public void End(RedisValue[]? answer) => _answer.TrySetResult(answer);

    public void Fail(Exception fault) => _answer.TrySetException(fault);
}
