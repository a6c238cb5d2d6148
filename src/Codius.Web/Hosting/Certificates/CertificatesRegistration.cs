using System.Net.Security;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Supervision;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Certificates;

/// <summary>Registers the visits' certificate, and gives it to connections.</summary>
internal static class CertificatesRegistration
{
    /// <summary>The key of the visits' <see cref="CertificateFiles"/>.</summary>
    public const string VisitsPort = "visits";

    public static WebApplicationBuilder AddVisitsCertificate(this WebApplicationBuilder builder)
    {
        // Read before the settings are validated; the validation reports one file without the other.
        var file = builder.Configuration[$"{GatewayOptions.Section}:{nameof(GatewayOptions.CertificateFile)}"];
        if (string.IsNullOrEmpty(file)) return builder;
        builder.Services.AddSingleton<VisitsCertificate>();
        builder.Services.AddCertificateFiles<VisitsCertificate>(VisitsPort, services =>
            services.GetRequiredService<IOptions<GatewayOptions>>().Value
                is { CertificateFile: { } certificate, CertificateKeyFile: { } key } ? (certificate, key) : null);
        builder.Services.AddHealth<CertificateHealth>("certificate").AddCertificateAlerts<VisitsCertificate>(VisitsPort);
        return builder;
    }

    /// <summary>Shows when a port's certificate ends, and warns before it does.</summary>
    public static IServiceCollection AddCertificateAlerts<T>(
        this IServiceCollection services, string port, Func<IServiceProvider, bool>? isNeeded = null) where T : ServerCertificate
    {
        services.AddKeyedSingleton(port, (provider, _) => new CertificateAlerts(
            port, provider.GetRequiredService<T>(), provider.GetKeyedService<CertificateFiles>(port),
            isNeeded?.Invoke(provider) ?? false, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IAlertSource>(provider => provider.GetRequiredKeyedService<CertificateAlerts>(port));
        return services.AddSingleton<IGauges>(provider => provider.GetRequiredKeyedService<CertificateAlerts>(port));
    }

    /// <summary>Loads a port's certificate from files, now and whenever they change.</summary>
    public static IServiceCollection AddCertificateFiles<T>(
        this IServiceCollection services, string port, Func<IServiceProvider, (string Certificate, string Key)?> files)
        where T : ServerCertificate
    {
        services.AddKeyedSingleton(port, (provider, _) => new CertificateFiles(
            port, files(provider), provider.GetRequiredService<T>(), provider.GetRequiredService<Supervisor>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CertificateFiles>>()));
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<CertificateFiles>(port));
    }

    /// <summary>Each connection gets the certificate of its moment, with the whole chain.</summary>
    public static void UseHttps(this ListenOptions listen, ServerCertificate certificate) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Context }),
        });
}
