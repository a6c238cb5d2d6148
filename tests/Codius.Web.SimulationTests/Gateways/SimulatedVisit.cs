using Codius.Web.Balances;

namespace Codius.Web.SimulationTests.Gateways;

/// <summary>One visit, from its arrival until it has no more to do with money.</summary>
internal sealed class SimulatedVisit(
    SimulatedAccount account, ulong price, ulong? cap, long since, Action<SimulatedVisit> reserved) : IDisposable
{
    private readonly CancellationTokenSource _left = new();

    public SimulatedAccount Account => account;

    public ulong Price => price;

    public long Since => since;

    public Reservation? Reservation { get; private set; }

    /// <summary>True if its client left before anything was decided.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>True from the reservation until it is answered or released.</summary>
    public bool IsReserved { get; private set; }

    public long? ForwardedAt { get; set; }

    /// <summary>The most that the ledger said, while it waited, when it found too little for its gateway; null: it found enough.</summary>
    public ulong? NotEnoughAt { get; set; }

    public bool IsWaiting => Reservation is null && !HasLeft;

    public bool IsCommitted => IsReserved && Reservation!.IsCommitted;

    public async Task RunAsync(IReservations reservations)
    {
        try
        {
            Reservation = await reservations.ReserveAsync(account.Id, price, _left.Token, cap);
            IsReserved = Reservation.Outcome == ReserveOutcome.Reserved;
            reserved(this);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            HasLeft = true;
        }
    }

    public void Dispose() => _left.Dispose();

    public void Leave() => _left.Cancel();

    /// <summary>It is over; returns the units of its answer.</summary>
    public ulong End(bool answered)
    {
        if (answered) Reservation!.Commit();
        else Reservation!.Void();
        var units = IsCommitted ? price : 0;
        IsReserved = false;
        return units;
    }
}
