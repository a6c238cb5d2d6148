using Codius.Web.Balances;
using Codius.Web.Balances.CreditBatches;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>The credits of one account while a script of it is under way.</summary>
public sealed class CreditQueueTests
{
    private const int Most = 4;
    private readonly CreditQueue _queue;
    private int _ready;
    private int _ends;

    public CreditQueueTests() => _queue = new CreditQueue(AccountId.OfApp("hello"), _ => _ready++, _ => _ends++);

    [Fact]
    public void Those_that_come_until_its_turn_and_while_a_script_is_under_way_go_together_in_their_order_as_many_as_may()
    {
        var requests = Enumerable.Range(0, 2).Select(_ => Add()).ToList();
        Assert.Equal(1, _ready);
        Assert.Equal(requests, _queue.TakeNext(Most));

        requests = Enumerable.Range(0, 7).Select(_ => Add()).ToList();
        Assert.Equal(1, _ready);
        _queue.End(answered: true);
        Assert.Equal(2, _ready);
        Assert.Equal(requests[..4], _queue.TakeNext(Most));

        _queue.End(answered: true);
        Assert.Equal(3, _ready);
        Assert.Equal(requests[4..], _queue.TakeNext(Most));
        Assert.Equal(0, _ends);

        _queue.End(answered: true);
        Assert.Equal((3, 1), (_ready, _ends));
    }

    [Fact]
    public async Task When_the_store_does_not_answer_those_that_wait_are_told_so_at_once_and_were_not_sent()
    {
        Add();
        _queue.TakeNext(Most);
        var waiting = Enumerable.Range(0, 7).Select(_ => Add()).ToList();

        _queue.End(answered: false);

        foreach (var request in waiting) Assert.Null(await request.Answer);
        Assert.Equal((1, 1), (_ready, _ends));
    }

    [Fact]
    public void A_queue_that_has_ended_takes_no_credit()
    {
        Add();
        _queue.TakeNext(Most);
        _queue.End(answered: true);
        Assert.False(_queue.TryAdd(New()));
        Assert.Equal((1, 1), (_ready, _ends));
    }

    private static CreditRequest New() => new(AccountUnderTest.Packet(AccountId.OfApp("hello"), 1), mayMakePayment: false);

    private CreditRequest Add()
    {
        var request = New();
        Assert.True(_queue.TryAdd(request));
        return request;
    }
}
