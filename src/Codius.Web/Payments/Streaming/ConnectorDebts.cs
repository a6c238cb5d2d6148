using System.Collections.Concurrent;
using Codius.Web.Balances;
using Codius.Web.Balances.Debts;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.Streaming;

/// <summary>
/// Bounds what each connector owes the host: fulfilled packets are promises of a connector until they are settled. The sum over all
/// gateways is kept in a book of the ledger (<c>-owed-{connector}</c>), written and read once a second by each.
/// </summary>
/// <remarks>
/// What another gateway books or settles is known here a second later, so of n gateways each may exceed the limit by what the others
/// fulfill within a second. A gateway that crashes loses what it has not booked: the book is then short of the packets that it fulfilled
/// within its last second (longer if the store was away), and so is what the connector is known to owe. The accounts have that money.
/// The book has one entry per gateway, with the number of its last booking; the entry ends a week after that.
/// </remarks>
internal sealed partial class ConnectorDebts(
    IBalanceLedger ledger, Asset asset, IOptions<PaymentsOptions> options, Supervisor supervisor, TimeProvider time,
    ILogger<ConnectorDebts> log)
    : SupervisedService(supervisor.Work("connector debts")), IDebtors
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private readonly ulong _limit = asset.TryParse(options.Value.MaxUnsettled, out var limit) ? limit : 0;
    private readonly ConcurrentDictionary<string, ConnectorDebt> _debts =
        new(options.Value.Connectors.Keys.Select(name => KeyValuePair.Create(name, new ConnectorDebt())), StringComparer.Ordinal);

    /// <summary>Units that each may owe.</summary>
    public ulong Limit => _limit;

    public IReadOnlyList<Debtor> All =>
    [
        .. _debts.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new Debtor(pair.Key, pair.Value.Total, _limit, Book(pair.Key))),
    ];

    /// <summary>Reserves room for a packet; <see cref="End"/> must follow. Play money is not bounded.</summary>
    public bool TryBegin(string connector, ulong amount) => !_debts.TryGetValue(connector, out var debt) || debt.TryBegin(amount, _limit);

    public void End(string connector, ulong amount, bool fulfilled)
    {
        if (_debts.TryGetValue(connector, out var debt)) debt.End(amount, fulfilled);
    }

    public async ValueTask<SpendResult> SettleAsync(
        string name, ulong amount, string id, string reason, string by, CancellationToken cancellation)
    {
        if (!_debts.TryGetValue(name, out var debt)) return new SpendResult(SpendOutcome.NoAccount);
        await BookAsync(name, debt);
        var result = await ledger.AdjustAsync(Book(name), -(long)amount, id, reason, by, cancellation);
        if (result.Outcome is SpendOutcome.Done or SpendOutcome.Repeated) debt.Booked(result.Funds);
        return result;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await BookAllAsync();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var (connector, debt) in _debts)
            if (!await TryReadAsync(connector, debt))
                LogNotRead(connector);
        using var timer = SharedTicks.Every(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await BookAllAsync();
    }

    private async Task BookAllAsync()
    {
        // A booking that is written again has the same number and counts once.
        foreach (var (connector, debt) in _debts) await Work.TryAsync(() => BookAsync(connector, debt).AsTask());
    }

    private async ValueTask BookAsync(string connector, ConnectorDebt debt)
    {
        if (debt.NextBooking() is not { } booking)
        {
            // Other gateways' packets, and what was settled at them. If the store is away, its health says so.
            await TryReadAsync(connector, debt);
            return;
        }
        var result = await ledger.BookAsync(Book(connector), booking.Amount, _writer, booking.Sequence, CancellationToken.None);
        if (result.Outcome is SpendOutcome.Done or SpendOutcome.Repeated) debt.Booked(result.Funds, booking);
        else LogNotBooked(connector, result.Outcome);
    }

    private async ValueTask<bool> TryReadAsync(string connector, ConnectorDebt debt)
    {
        try
        {
            var before = debt.Version;
            debt.Read((await ledger.ReadAsync(Book(connector), CancellationToken.None))?.Funds ?? 0, before);
            return true;
        }
        catch (LedgerUnavailableException)
        {
            return false;
        }
    }

    private static AccountId Book(string connector) => AccountId.OfBook("owed-" + connector);

    [LoggerMessage(LogLevel.Warning, "The debt of connector {Connector} could not be read; its limit counts from 0 until it is")]
    private partial void LogNotRead(string connector);

    [LoggerMessage(LogLevel.Warning, "The debt of connector {Connector} could not be written: {Outcome}; it is retried")]
    private partial void LogNotBooked(string connector, SpendOutcome outcome);
}
