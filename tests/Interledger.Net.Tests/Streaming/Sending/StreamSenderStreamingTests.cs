using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.Time.Testing;

namespace Interledger.Net.Tests.Streaming.Sending;

/// <summary>Money at a rate per second, on the test's clock.</summary>
public sealed class StreamSenderStreamingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Money_is_streamed_at_its_rate_until_told_to_stop()
    {
        var time = new FakeTimeProvider();
        var receiver = new ScriptedReceiver();
        var progress = new Totals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var sender = receiver.Sender(new StreamSenderOptions { Time = time, Progress = progress });
        var payment = sender.StreamAsync(unitsPerSecond: 250, ulong.MaxValue, stop.Token);

        for (ulong second = 1; second <= 4; second++)
        {
            await progress.ReachesAsync(250 * second);
            Assert.Equal(250 * second, receiver.Credited);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await progress.ReachesAsync(1250);
        await stop.CancelAsync();
        var result = await payment;
        Assert.Equal((PaymentEnding.Stopped, 1250UL), (result.Ending, result.Sent));
    }

    /// <summary>Lets a test wait until so much is sent.</summary>
    private sealed class Totals : IProgress<PaymentProgress>
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ulong _sent;

        public void Report(PaymentProgress value)
        {
            lock (_lock)
            {
                _sent = value.Sent;
                _changed.SetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public async Task ReachesAsync(ulong sent)
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (_sent >= sent) return;
                    changed = _changed.Task;
                }

                await changed.WaitAsync(Stop);
            }
        }
    }
}
