using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.CreditBatches;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>The credits of one account while a script of it is under way.</summary>
public sealed class CreditQueueTests
{
    private const int Most = 4;
    private readonly List<(IReadOnlyList<CreditRequest> Batch, TaskCompletionSource<bool> Answer)> _runs = [];
    private readonly CreditQueue _queue;
    private TaskCompletionSource _turn = Come();
    private int _ends;

    public CreditQueueTests() => _queue = new CreditQueue(
        Most, Run, () => _turn.Task, _ => _ends++, Supervised.By(TimeProvider.System).Work("credits"));

    [Fact]
    public void One_goes_out_at_once_and_those_that_come_meanwhile_go_together_in_their_order_as_many_as_may()
    {
        var requests = Enumerable.Range(0, 8).Select(_ => Add()).ToArray();
        Assert.Equal([requests[0]], Assert.Single(_runs).Batch);

        Answer(0);
        Assert.Equal(requests[1..5], _runs[1].Batch);
        Answer(1);
        Assert.Equal(requests[5..], _runs[2].Batch);
        Assert.Equal(0, _ends);
        Answer(2);
        Assert.Equal(3, _runs.Count);
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void Those_that_come_until_its_turn_go_together()
    {
        _turn = new TaskCompletionSource();
        var requests = Enumerable.Range(0, 3).Select(_ => Add()).ToArray();
        Assert.Empty(_runs);

        _turn.SetResult();
        Assert.Equal(requests, Assert.Single(_runs).Batch);
    }

    [Fact]
    public async Task When_the_store_does_not_answer_those_that_wait_are_told_so_at_once_and_were_not_sent()
    {
        var requests = Enumerable.Range(0, 7).Select(_ => Add()).ToArray();

        Answer(0, answered: false);

        foreach (var request in requests) Assert.Null(await request.Answer);
        Assert.Single(_runs);
        Assert.Equal(1, _ends);
    }

    [Fact]
    public async Task A_fault_is_that_of_its_own_credits()
    {
        var (first, second) = (Add(), Add());

        _runs[0].Answer.SetException(new InvalidOperationException("a fault"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => first.Answer);
        Assert.Null(await second.Answer);
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void A_queue_that_has_ended_takes_no_credit()
    {
        Add();
        Answer(0);
        Assert.False(_queue.TryAdd(New()));
        Assert.Single(_runs);
    }

    private static TaskCompletionSource Come()
    {
        var turn = new TaskCompletionSource();
        turn.SetResult();
        return turn;
    }

    private static CreditRequest New() => new(AccountUnderTest.Packet(AccountId.OfApp("hello"), 1), mayMakePayment: false);

    private CreditRequest Add()
    {
        var request = New();
        Assert.True(_queue.TryAdd(request));
        return request;
    }

    private Task<bool> Run(IReadOnlyList<CreditRequest> batch)
    {
        // Continues where it is completed, so that each step of a test is done when its call returns.
        var answer = new TaskCompletionSource<bool>();
        _runs.Add((batch, answer));
        return answer.Task;
    }

    private void Answer(int run, bool answered = true)
    {
        foreach (var request in _runs[run].Batch) request.Complete(answered ? new CreditAnswer("credited", 1, 1, 0, 0, 0, 0, 0) : null);
        _runs[run].Answer.SetResult(answered);
    }
}
