using System.Threading.Channels;
using Codius.Shared;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.HostPayments;

/// <summary>
/// Notes this gateway's payments in the index of the host, once a second; a payment that goes on is noted again once a minute. A credit
/// never waits for it. One of less than a request costs, and what is more than a second can have, is in its account's statement alone.
/// </summary>
/// <remarks>
/// To push others' payments out of the index, a payer pays the price of a request for each. An account's share of the index would be no
/// bound: an account costs one unit, and the one with most payments is a popular app.
/// </remarks>
internal sealed class PaymentNotes(PaymentIndex index, Prices prices, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("list of payments"))
{
    /// <summary>How old the time of a payment that goes on may be.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int Most = 10_000;

    private readonly RecentlyUsed<PaymentId, Growth> _growing = new(Most);
    private readonly Channel<PaymentId> _waiting = Channel.CreateBounded<PaymentId>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private List<PaymentId> _failed = [];

    /// <summary>A payment grew.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="increase">By how many units.</param>
    /// <param name="total">All that it has received, where its credit says so: other gateways may have credited a part of it.</param>
    public void Credited(PaymentId payment, ulong increase, ulong total = 0)
    {
        var growth = _growing.GetOrAdd(payment, static _ => new Growth());
        if (growth.IsToBeNoted(increase, total, prices.PerRequest, time)) _waiting.Writer.TryWrite(payment);
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

    /// <summary>What a payment has received as far as this gateway knows, and when it was last noted.</summary>
    private sealed class Growth
    {
        private readonly Lock _gate = new();
        private ulong _units;
        private long? _notedAt;

        public bool IsToBeNoted(ulong increase, ulong total, ulong least, TimeProvider time)
        {
            lock (_gate)
            {
                _units = Math.Max(total, _units + Math.Min(increase, ulong.MaxValue - _units));
                if (_units < least || (_notedAt is { } at && time.GetElapsedTime(at) < Pause)) return false;
                _notedAt = time.GetTimestamp();
                return true;
            }
        }
    }
}
