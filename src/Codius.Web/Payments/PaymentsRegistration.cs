namespace Codius.Web.Payments;

/// <summary>Puts the room together.</summary>
internal static class PaymentsRegistration
{
    public static WebApplicationBuilder AddPayments(this WebApplicationBuilder builder) => builder;
}
