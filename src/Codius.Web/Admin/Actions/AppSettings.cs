namespace Codius.Web.Admin.Actions;

/// <summary>What an admin sets for an app; what is not given stays.</summary>
internal sealed record AppSettings(SetUnits PricePerRequest, SetUnits MaxSpendPerHour);

/// <summary>One amount that is set.</summary>
/// <param name="IsGiven">False: it stays as it is.</param>
/// <param name="Units">Units; null: the host's holds again, or none.</param>
internal readonly record struct SetUnits(bool IsGiven, ulong? Units)
{
    public ulong? Or(ulong? before) => IsGiven ? Units : before;
}
