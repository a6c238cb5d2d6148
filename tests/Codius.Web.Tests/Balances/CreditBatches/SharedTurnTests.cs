using Codius.Web.Balances.CreditBatches;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>What becomes ready within a moment goes on together.</summary>
public sealed class SharedTurnTests
{
    private readonly Queue<IThreadPoolWorkItem> _pool = new();
    private readonly List<string> _order = [];
    private readonly SharedTurn _turn;

    public SharedTurnTests() => _turn = new SharedTurn(_pool.Enqueue);

    [Fact]
    public async Task All_that_wait_go_on_with_one_work_item_in_their_order()
    {
        foreach (var name in (string[])["a", "b", "c"]) _ = NoteAsync(name);
        Assert.Empty(_order);

        Assert.Single(_pool);
        await RunNextAsync();
        Assert.Equal(["a", "b", "c"], _order);
    }

    [Fact]
    public async Task What_comes_within_a_turn_goes_on_with_the_next()
    {
        _ = NoteAsync("a", "b");
        await RunNextAsync();
        Assert.Equal(["a"], _order);

        Assert.Single(_pool);
        await RunNextAsync();
        Assert.Equal(["a", "b"], _order);
        Assert.Empty(_pool);
    }

    [Fact]
    public async Task The_thread_pool_ends_a_turn() => await new SharedTurn().WaitAsync();

    // On a thread of the pool, as in the gateway: the tests' own would post what follows to their context.
    private Task RunNextAsync() => Task.Run(_pool.Dequeue().Execute, TestContext.Current.CancellationToken);

    private async Task NoteAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await _turn.WaitAsync().ConfigureAwait(false);
            _order.Add(name);
        }
    }
}
