using Codius.Web.Balances;

namespace Codius.Web.Admin.Reading;

/// <summary>What an account has and how fast that goes.</summary>
/// <param name="Balance">Its balance; null if it was never paid.</param>
/// <param name="SpendingPerHour">What it spends in an hour, in units, by its last one to two hours.</param>
internal readonly record struct AccountReading(Balance? Balance, ulong SpendingPerHour)
{
    public ulong Funds => Balance?.Funds ?? 0;

    /// <summary>When its funds are gone if it goes on so; null if it spends nothing.</summary>
    public DateTimeOffset? RunsDryAt(DateTimeOffset now)
    {
        if (SpendingPerHour == 0) return null;
        var hours = (double)Funds / SpendingPerHour; // an estimate, no amount
        return hours < 24 * 365 * 100 ? now.AddHours(hours) : null;
    }
}
