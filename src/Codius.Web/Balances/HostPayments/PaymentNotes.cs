using System.Threading.Channels;
using Codius.Shared;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.HostPayments;

/// <summary>
/// Notes this gateway's payments in the index of the host, once a second; a payment that goes on is noted again once a minute. A credit
/// never waits for it. One of less than a request costs, and what is more than a second can have, is in its account's statement alone.
/// </summary>
/// <remarks>
/// To push others' payments out of the index, a payer pays the price of a request for each. An account's share of the index would be no
/// bound: an account costs one unit, and the one with most payments is a popular app. Of a payment that is split over gateways, each knows
/// its part: the sum is read from the statement, every ten seconds, for payments that grew here and were of less than a request costs. The
/// gateway that is credited the last part reads the whole.
/// </remarks>
internal sealed class PaymentNotes(PaymentIndex index, IBooks books, Prices prices, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("list of payments"))
{
    /// <summary>How old the time of a payment that goes on may be.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Sums that are read at a time; payments beyond that wait for the next time.</summary>
    public const int MostSums = 1_000;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int SumsEvery = 10; // ticks
    private const int AccountsAtOnce = 50;
    private const int Most = 10_000;

    private readonly RecentlyUsed<PaymentId, Growth> _growing = new(Most);
    private readonly Channel<PaymentId> _waiting = Channel.CreateBounded<PaymentId>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    // Without a wait: what does not fit is offered again when it grows.
    private readonly Channel<PaymentId> _small = Channel.CreateBounded<PaymentId>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private List<PaymentId> _failed = [];

    /// <summary>A payment grew.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="increase">By how many units.</param>
    /// <param name="total">All that it has received, where its credit says so: other gateways may have credited a part of it.</param>
    public void Credited(PaymentId payment, ulong increase, ulong total = 0)
    {
        var growth = _growing.GetOrAdd(payment, static _ => new Growth());
        if (growth.IsToBeNoted(increase, total, prices.PerRequest, time)) _waiting.Writer.TryWrite(payment);
        else if (growth.IsToBeSummed(prices.PerRequest) && !_small.Writer.TryWrite(payment)) growth.IsSummed();
    }

    /// <summary>Writes what waits; what the store did not take is written with the next.</summary>
    public async Task WriteAsync()
    {
        var payments = _failed;
        while (payments.Count < Most && _waiting.Reader.TryRead(out var payment)) payments.Add(payment);
        if (payments.Count > 0 && await index.NoteAsync(payments)) _failed = [];
    }

    /// <summary>Reads the sums of payments that are small here, and has those noted that are not.</summary>
    public async Task ReadSumsAsync(CancellationToken cancellation)
    {
        var small = new List<PaymentId>();
        while (small.Count < MostSums && _small.Reader.TryRead(out var payment))
        {
            // Before its sum is read: what is credited from now on has it read again.
            _growing.GetOrAdd(payment, static _ => new Growth()).IsSummed();
            small.Add(payment);
        }
        foreach (var some in small.GroupBy(payment => payment.Account).Chunk(AccountsAtOnce))
            await Task.WhenAll(some.Select(account => ReadSumsAsync(account.Key, [.. account], cancellation)));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Work.TryAsync(() => ReadSumsAsync(cancellationToken), cancellationToken);
        await Work.TryAsync(WriteAsync, cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Tick, time);
        for (var ticks = 1; await timer.WaitForNextTickAsync(stoppingToken); ticks++)
        {
            if (ticks % SumsEvery == 0) await ReadSumsAsync(stoppingToken);
            await WriteAsync();
            Work.Succeeded();
        }
    }

    private async Task ReadSumsAsync(AccountId account, List<PaymentId> payments, CancellationToken cancellation)
    {
        var isRead = await StoreTrouble.TryAsync(async () =>
        {
            var entries = (await books.FindEntriesAsync(account, [.. payments.Select(payment => payment.EntryId)], cancellation))
                .ToDictionary(entry => entry.Id, entry => entry.Amount, StringComparer.Ordinal);
            foreach (var payment in payments)
            {
                if (entries.TryGetValue(payment.EntryId, out var sum) && sum >= prices.PerRequest) Credited(payment, 0, sum);
            }
        });
        if (isRead) return;
        // The next time reads them.
        foreach (var payment in payments) Credited(payment, 0);
    }

    /// <summary>What a payment has received as far as this gateway knows, and when it was last noted.</summary>
    private sealed class Growth
    {
        private readonly Lock _gate = new();
        private ulong _units;
        private long? _notedAt;
        private bool _waitsForSum;

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

        /// <summary>True, once until <see cref="IsSummed"/>, for a payment that is small as far as this gateway knows.</summary>
        public bool IsToBeSummed(ulong least)
        {
            lock (_gate)
            {
                if (_waitsForSum || _units >= least) return false;
                return _waitsForSum = true;
            }
        }

        public void IsSummed()
        {
            lock (_gate) _waitsForSum = false;
        }
    }
}
