namespace Codius.Web.Balances;

/// <summary>Puts the room together.</summary>
internal static class BalancesRegistration
{
    public static WebApplicationBuilder AddBalances(this WebApplicationBuilder builder) => builder;
}
