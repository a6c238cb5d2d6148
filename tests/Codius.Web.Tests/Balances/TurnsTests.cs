using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances;

/// <summary>What becomes ready within a moment goes out together.</summary>
public sealed class TurnsTests
{
    private readonly Queue<IThreadPoolWorkItem> _pool = new();
    private readonly List<string> _sent = [];
    private readonly Turns<string> _turns;
    private string? _comesWithin;

    public TurnsTests() => _turns = new Turns<string>(Send, _pool.Enqueue);

    [Fact]
    public void All_that_are_ready_are_sent_with_one_work_item_in_their_order()
    {
        foreach (var name in (string[])["a", "b", "c"]) _turns.Add(name);
        Assert.Empty(_sent);

        Assert.Single(_pool);
        _pool.Dequeue().Execute();
        Assert.Equal(["a b c"], _sent);
        Assert.Empty(_pool);
    }

    [Fact]
    public void What_becomes_ready_within_a_turn_is_sent_with_the_next()
    {
        _turns.Add("a");
        _comesWithin = "b";
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
        new Turns<string>(ready => sent.SetResult(ready.Count), Turns.QueueToPool).Add("a");
        Assert.Equal(1, await sent.Task);
    }

    private void Send(IReadOnlyList<string> ready)
    {
        _sent.Add(string.Join(' ', ready));
        if (_comesWithin is { } next) _turns.Add(next);
        _comesWithin = null;
    }
}
