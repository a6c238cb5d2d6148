using Codius.Web.Balances;
using Codius.Web.Balances.CreditBatches;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>Accounts that become ready within a moment send their credits together.</summary>
public sealed class CreditTurnsTests
{
    private readonly Queue<IThreadPoolWorkItem> _pool = new();
    private readonly List<string> _sent = [];
    private readonly CreditTurns _turns;
    private CreditQueue? _comesWithin;

    public CreditTurnsTests() => _turns = new CreditTurns(Send, _pool.Enqueue);

    [Fact]
    public void All_that_are_ready_are_sent_with_one_work_item_in_their_order()
    {
        foreach (var name in (string[])["a", "b", "c"]) _turns.Add(Queue(name));
        Assert.Empty(_sent);

        Assert.Single(_pool);
        _pool.Dequeue().Execute();
        Assert.Equal(["a b c"], _sent);
        Assert.Empty(_pool);
    }

    [Fact]
    public void What_becomes_ready_within_a_turn_is_sent_with_the_next()
    {
        _turns.Add(Queue("a"));
        _comesWithin = Queue("b");
        _pool.Dequeue().Execute();
        Assert.Equal(["a"], _sent);

        Assert.Single(_pool);
        _pool.Dequeue().Execute();
        Assert.Equal(["a", "b"], _sent);
    }

    [Fact]
    public async Task The_thread_pool_has_a_turn()
    {
        var sent = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new CreditTurns(ready => sent.SetResult(ready.Count)).Add(Queue("a"));
        Assert.Equal(1, await sent.Task);
    }

    private static CreditQueue Queue(string name) => new(AccountId.OfApp(name), _ => { }, _ => { });

    private void Send(IReadOnlyList<CreditQueue> ready)
    {
        _sent.Add(string.Join(' ', ready.Select(queue => queue.Account)));
        if (_comesWithin is { } next) _turns.Add(next);
        _comesWithin = null;
    }
}
