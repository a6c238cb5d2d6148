namespace Codius.Web.Balances;

/// <summary>The host's prices in whole units, as checked at start.</summary>
internal sealed record Prices(ulong PerRequest, ulong PerDeploy, ulong PerRunningHour, ulong OpenAt);
