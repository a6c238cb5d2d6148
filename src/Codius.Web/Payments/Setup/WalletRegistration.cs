using System.Net;
using System.Net.Sockets;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Resilience;
using Codius.Web.Payments.HostWallet;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Registers the HTTP client of the receiving wallet: retries, time-outs and a circuit breaker, no redirects.
/// </summary>
internal static class WalletRegistration
{
    public const int MaxAnswerBytes = 64 * 1024;
    private const int Attempts = 3;

    public static void AddReceivingWallet(this WebApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        builder.Services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<PaymentsOptions>>().Value;
            if (options.Receiver != PaymentsMode.Wallet) return new ReceivingWalletAddress(null);
            var names = provider.GetRequiredService<HostNames>();
            return ReceivingWallet.TryRead(options.Wallet ?? "", names, development, out var endpoint, out var fault)
                ? new ReceivingWalletAddress(endpoint)
                : throw new InvalidOperationException(fault);
        });
        builder.Services.AddHttpClient<WalletQuery>(client => client.MaxResponseContentBufferSize = MaxAnswerBytes)
            .ConfigurePrimaryHttpMessageHandler(() => Handler(development))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // the handler renews its pooled connections itself
            .AddResilienceHandler("receiving-wallet", (pipeline, context) =>
            {
                var budget = context.ServiceProvider.GetRequiredService<WalletCallBudget>();
                var limit = context.ServiceProvider.GetRequiredService<IOptions<PaymentsOptions>>().Value.WalletTimeout;
                // A wallet's Retry-After would outlast the payer's patience.
                var retry = OutboundCalls.Retry(Attempts - 1);
                // The query has a call of the budget, and so has each repeat. A wallet that gets too many calls gets no repeat.
                retry.ShouldHandle = args => new(HttpClientResiliencePredicates.IsTransient(args.Outcome)
                    && args.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests
                    && (args.AttemptNumber >= Attempts - 1 || budget.Acquire(1) == 1));
                pipeline.AddTimeout(limit)
                    .AddRetry(retry)
                    .AddCircuitBreaker(OutboundCalls.Breaker(minimumCalls: 20))
                    .AddTimeout(limit / Attempts);
            });
    }

    public static SocketsHttpHandler Handler(bool development)
    {
        var handler =
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        if (development) handler.ConnectCallback = ConnectAsync;
        return handler;
    }

    // Not every resolver maps names under localhost to this machine (RFC 6761).
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var target = context.DnsEndPoint;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (target.Host.EndsWith(".localhost", StringComparison.Ordinal))
                await socket.ConnectAsync(IPAddress.Loopback, target.Port, cancellation);
            else await socket.ConnectAsync(target, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
