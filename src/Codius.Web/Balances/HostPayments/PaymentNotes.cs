using System.Threading.Channels;
using Codius.Shared;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.HostPayments;

/// <summary>
/// Notes this gateway's payments in the index of the host, once a second; a payment that goes on is noted again once a minute. A credit
/// never waits for it. Of more payments than a second can have, the rest is in the statements of the accounts alone.
/// </summary>
internal sealed class PaymentNotes(PaymentIndex index, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("list of payments"))
{
    /// <summary>How old the time of a payment that goes on may be.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int Most = 10_000;

    private readonly RecentlyUsed<PaymentId, long> _noted = new(Most);
    private readonly Channel<PaymentId> _waiting = Channel.CreateBounded<PaymentId>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private List<PaymentId> _failed = [];

    /// <summary>A payment was credited.</summary>
    public void Credited(PaymentId payment)
    {
        var now = time.GetTimestamp();
        if (_noted.TryGet(payment, out var at))
        {
            if (time.GetElapsedTime(at, now) < Pause) return;
            _noted.Remove(payment, out _);
        }
        _noted.GetOrAdd(payment, _ => now);
        _waiting.Writer.TryWrite(payment);
    }

    /// <summary>Writes what waits; what the store did not take is written with the next.</summary>
    public async Task WriteAsync()
    {
        var payments = _failed;
        while (payments.Count < Most && _waiting.Reader.TryRead(out var payment)) payments.Add(payment);
        if (payments.Count > 0 && await index.NoteAsync(payments)) _failed = [];
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Work.TryAsync(WriteAsync, cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await WriteAsync();
            Work.Succeeded();
        }
    }
}
