using Codius.Web.Balances.Debts;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Secrets;
using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Receiving;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.Streaming;

/// <summary>Registers the STREAM receiver, and maps the endpoint that connectors post packets to.</summary>
internal static class StreamingRegistration
{
    public const string DevelopmentAddress = "test.codius";

    public static void AddStreaming(this IServiceCollection services)
    {
        services.AddSingleton<ConnectorTokens>().AddSingleton<ConnectorEndpoints>().AddSingleton<PacketHandler>();
        services.AddSingleton<ConnectorDebts>().AddSingleton<IDebtors>(provider => provider.GetRequiredService<ConnectorDebts>());
        services.AddHostedService(provider => provider.GetRequiredService<ConnectorDebts>());
        services.AddSingleton<IAlertSource, ConnectorAlerts>().AddGauges<ConnectorAlerts>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<PaymentsOptions>>().Value;
            var secrets = provider.GetRequiredService<HostSecrets>();
            var wire = provider.GetRequiredService<WireAsset>();
            return new StreamReceiver(new StreamReceiverOptions
            {
                Address = IlpAddress.Parse(string.IsNullOrEmpty(options.IlpAddress) ? DevelopmentAddress : options.IlpAddress),
                AssetCode = wire.Code,
                AssetScale = (byte)wire.Scale,
                Secret = Key(secrets.Current),
                PreviousSecrets = [.. secrets.All.Skip(1).Select(Key)],
                MinimumWindow = options.MinimumWindow,
                TimeProvider = provider.GetRequiredService<TimeProvider>(),
            });
        });
    }

    public static void MapPackets(this IEndpointRouteBuilder endpoints, string path)
    {
        var tokens = endpoints.ServiceProvider.GetRequiredService<ConnectorTokens>();
        var handler = endpoints.ServiceProvider.GetRequiredService<PacketHandler>();
        var packets = endpoints.MapIlpOverHttp(path, tokens.Peers, handler.AnswerAsync).WithRateUnless(
            "a connector's token", context => tokens.Peers.Find(context.Request.Headers.Authorization) is not null);
        packets.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = async context =>
            {
                await next(context);
                if (context.Response.StatusCode >= 400)
                    PaymentsMeter.Refused("ilp", context.Response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
            };
        });
    }

    private static StreamServerSecret Key(HostSecret secret) =>
        new(secret.KeyId, secret.Derive("stream receiver", StreamServerSecret.Length));
}
