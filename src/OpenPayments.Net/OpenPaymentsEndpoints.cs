using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Grants;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Requests;
using OpenPayments.Net.Signatures;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net;

/// <summary>Embeds the receiving side of Open Payments in an ASP.NET Core program.</summary>
public static class OpenPaymentsEndpoints
{
    /// <summary>
    /// Registers the servers. The program adds its own <see cref="IWalletAddresses"/>, <see cref="IIncomingPayments"/> and
    /// <see cref="IPaymentMethods"/>; an <see cref="ICancelledGrants"/> if it is more than one server, or keeps them when it restarts;
    /// an <see cref="IGrantRateLimiter"/> if it likes.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Sets the options; null if they are configured elsewhere.</param>
    public static IServiceCollection AddOpenPayments(this IServiceCollection services, Action<OpenPaymentsOptions>? configure = null)
    {
        var options = services.AddOptions<OpenPaymentsOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.AddSingleton<IValidateOptions<OpenPaymentsOptions>, OpenPaymentsOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<OpenPaymentsOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ICancelledGrants, InMemoryCancelledGrants>();
        services.AddSingleton(provider => new GrantTokens([.. provider.GetRequiredService<OpenPaymentsOptions>().TokenKeys]));
        services.AddSingleton(
            provider => new GrantedClients(
                provider.GetRequiredService<GrantTokens>(), provider.GetRequiredService<IncomingPaymentUrls>(),
                provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            var receiver = provider.GetRequiredService<OpenPaymentsOptions>();
            var http = receiver.KeyFetchClient?.Invoke() ?? GuardedHttp.Create(receiver.AllowInsecureClients);
            return new ClientKeys(http, receiver.AllowInsecureClients, provider.GetRequiredService<TimeProvider>(), receiver.Servers);
        });
        services.AddSingleton(
            provider => SignerOf(provider) ?? throw new InvalidOperationException("OpenPaymentsOptions.SigningKey is not set."));
        services.AddSingleton(provider => new WalletAddressDocuments(
            provider.GetRequiredService<IWalletAddresses>(), provider.GetRequiredService<OpenPaymentsOptions>(), PublishedKeys(provider)));
        return services.AddSingleton<IncomingPaymentUrls>().AddSingleton<GrantServer>().AddSingleton<IncomingPaymentServer>();
    }

    /// <summary>
    /// Maps the authorization server, the resource server and the wallet addresses with their keys, at the paths of
    /// <see cref="OpenPaymentsOptions"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapOpenPayments(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<OpenPaymentsOptions>();
        var grants = endpoints.ServiceProvider.GetRequiredService<GrantServer>();
        var payments = endpoints.ServiceProvider.GetRequiredService<IncomingPaymentServer>();
        var documents = endpoints.ServiceProvider.GetRequiredService<WalletAddressDocuments>();
        var all = endpoints.MapGroup("");

        if (options.WalletAddressPath is { } path)
        {
            all.MapGet(path, documents.AnswerAsync);
            all.MapGet(path + "/jwks.json", documents.AnswerKeysAsync);
            all.MapMethods(path, [HttpMethods.Options], Answers.PreflightAsync);
        }

        var auth = all.MapGroup(options.AuthPath);
        auth.MapPost("", Open(grants.RequestAsync));
        auth.MapPost("/continue/{id}", Open(GrantServer.ContinueAsync));
        auth.MapDelete("/continue/{id}", Open(grants.CancelAsync));
        auth.MapPost("/token/{id}", Open(grants.RotateAsync));
        auth.MapDelete("/token/{id}", Open(grants.RevokeAsync));
        auth.MapMethods("/{**path}", [HttpMethods.Options], Answers.PreflightAsync);

        var resources = all.MapGroup(options.ResourcePath + "/{account}");
        resources.MapPost("/incoming-payments", Open(payments.CreateAsync));
        resources.MapGet("/incoming-payments", Open(payments.ListAsync));
        resources.MapGet("/incoming-payments/{id}", Open(payments.GetAsync)); // without its terms: 404, where no route would be 405
        resources.MapGet("/{sealed}/incoming-payments/{id}", Open(payments.GetAsync));
        resources.MapPost("/{sealed}/incoming-payments/{id}/complete", Open(payments.CompleteAsync));
        resources.MapMethods("/{**path}", [HttpMethods.Options], Answers.PreflightAsync);
        return all;
    }

    private static MessageSigner? SignerOf(IServiceProvider provider) =>
        provider.GetRequiredService<OpenPaymentsOptions>().SigningKey is { } key ? SignerOf(provider, key) : null;

    private static MessageSigner SignerOf(IServiceProvider provider, byte[] key) => MessageSigner.Named(
        key, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<OpenPaymentsOptions>().SigningKeyPrefix);

    private static Jwk[] PublishedKeys(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<OpenPaymentsOptions>();
        IEnumerable<byte[]> current = options.SigningKey is { } key ? [key] : [];
        var all = current.Concat(options.PreviousSigningKeys);
        return [.. all.Select(one => SignerOf(provider, one).PublicJwk).DistinctBy(one => one.KeyId)];
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
            await Answers.WriteAsync(context,
                new OpenPaymentsError(503, "unavailable", "This cannot be read or written just now; try again shortly."));
        }
    };
}
