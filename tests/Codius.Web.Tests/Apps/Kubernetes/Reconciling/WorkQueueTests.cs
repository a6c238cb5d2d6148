using Codius.Testing;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Reconciling;

/// <summary>The queue of the control loop: each name once.</summary>
public sealed class WorkQueueTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue _queue;

    public WorkQueueTests() => _queue = new WorkQueue(Supervised.By(_time), _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_added_twice_is_taken_once_and_what_changes_while_it_is_looked_at_again()
    {
        _queue.Add("one");
        _queue.Add("one");
        _queue.Add("two");

        Assert.Equal("one", await _queue.DequeueAsync(Cancellation));
        _queue.Add("one");
        Assert.Equal("two", await _queue.DequeueAsync(Cancellation));
        Assert.Equal("one", await _queue.DequeueAsync(Cancellation));
    }

    [Fact]
    public async Task What_changed_comes_before_what_is_only_looked_at_again_and_then_once()
    {
        _queue.AddUnchanged("one");
        _queue.AddUnchanged("two");
        _queue.AddUnchanged("two");
        _queue.Add("three");
        _queue.Add("two");
        _queue.AddUnchanged("three");

        Assert.Equal("three", await _queue.DequeueAsync(Cancellation));
        Assert.Equal("two", await _queue.DequeueAsync(Cancellation));
        Assert.False(_queue.IsIdle);
        Assert.Equal("one", await _queue.DequeueAsync(Cancellation));
        _queue.Add("four");
        Assert.Equal("four", await _queue.DequeueAsync(Cancellation));
        var next = _queue.DequeueAsync(Cancellation);
        Assert.True(_queue.IsIdle);
        _queue.Add("five");
        Assert.Equal("five", await next);
    }

    [Fact]
    public async Task What_is_asked_for_later_comes_once_and_not_before()
    {
        _queue.AddLater("later", TimeSpan.FromSeconds(2), Cancellation);
        _queue.AddLater("later", TimeSpan.FromSeconds(2), Cancellation);
        var taken = _queue.DequeueAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(taken.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("later", await taken);
        _queue.Add("something else");
        Assert.Equal("something else", await _queue.DequeueAsync(Cancellation));

        _queue.AddLater("later", TimeSpan.FromSeconds(2), Cancellation);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("later", await _queue.DequeueAsync(Cancellation));
    }

    [Fact]
    public async Task What_is_looked_at_again_later_comes_after_what_changed()
    {
        _queue.AddUnchangedLater("later", TimeSpan.FromSeconds(2), Cancellation);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync("it waits", () => !_queue.IsIdle);
        _queue.Add("changed");

        Assert.Equal("changed", await _queue.DequeueAsync(Cancellation));
        Assert.Equal("later", await _queue.DequeueAsync(Cancellation));
    }

    [Fact]
    public async Task What_failed_comes_back_after_a_while_that_grows()
    {
        foreach (var wait in (double[])[0.5, 1, 2, 4])
        {
            _queue.Failed("broken", Cancellation);
            var taken = _queue.DequeueAsync(Cancellation);
            _time.Advance(TimeSpan.FromSeconds(wait - 0.01));
            Assert.False(taken.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(0.01));
            Assert.Equal("broken", await taken);
            Assert.Equal(1, _queue.Failing);
        }

        _queue.Succeeded("broken");
        Assert.Equal(0, _queue.Failing);
    }
}
