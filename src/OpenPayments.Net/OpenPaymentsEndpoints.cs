using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Grants;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Requests;

namespace OpenPayments.Net;

/// <summary>Embeds the receiving side of Open Payments in an ASP.NET Core program.</summary>
public static class OpenPaymentsEndpoints
{
    /// <summary>
    /// Registers the servers. The program adds <see cref="OpenPaymentsOptions"/>, <see cref="GrantTokens"/>, <see cref="ClientKeys"/>,
    /// <see cref="TimeProvider"/>, and its own <see cref="ICancelledGrants"/>, <see cref="WalletAddresses.IWalletAddresses"/>,
    /// <see cref="IIncomingPayments"/> and <see cref="IPaymentMethods"/>; an <see cref="IGrantRateLimiter"/> if it likes.
    /// </summary>
    public static IServiceCollection AddOpenPaymentsReceiver(this IServiceCollection services) =>
        services.AddSingleton<GrantServer>().AddSingleton<IncomingPaymentServer>();

    /// <summary>Maps the authorization server and the resource server at the paths of <see cref="OpenPaymentsOptions"/>.</summary>
    public static IEndpointConventionBuilder MapOpenPayments(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<OpenPaymentsOptions>();
        var grants = endpoints.ServiceProvider.GetRequiredService<GrantServer>();
        var payments = endpoints.ServiceProvider.GetRequiredService<IncomingPaymentServer>();
        var all = endpoints.MapGroup("");

        var auth = all.MapGroup(options.AuthPath);
        auth.MapPost("", Open(grants.RequestAsync));
        auth.MapPost("/continue/{id}", Open(GrantServer.ContinueAsync));
        auth.MapDelete("/continue/{id}", Open(grants.CancelAsync));
        auth.MapPost("/token/{id}", Open(grants.RotateAsync));
        auth.MapDelete("/token/{id}", Open(grants.RevokeAsync));
        auth.MapMethods("/{**path}", [HttpMethods.Options], Answers.PreflightAsync);

        var resources = all.MapGroup(options.ResourcePath + "/{account}/incoming-payments");
        resources.MapPost("", Open(payments.CreateAsync));
        resources.MapGet("", Open(payments.ListAsync));
        resources.MapGet("/{id}", Open(payments.GetAsync));
        resources.MapPost("/{id}/complete", Open(payments.CompleteAsync));
        resources.MapMethods("/{**path}", [HttpMethods.Options], Answers.PreflightAsync);
        return all;
    }

    private static RequestDelegate Open(Func<HttpContext, Task> answer) => async context =>
    {
        Answers.OpenToAll(context.Response);
        try
        {
            await answer(context);
        }
        catch (OpenPaymentsUnavailableException)
        {
            context.Response.Headers.RetryAfter = "5";
            await Answers.WriteAsync(context, new OpenPaymentsError(503, "unavailable", "This cannot be read or written just now; try again shortly."));
        }
    };
}
