using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Certificates;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Listening;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Hosting.Settings;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting;

/// <summary>Registers what all parts of the gateway need: settings, names, secrets, the data folder, the listeners.</summary>
internal static class HostingRegistration
{
    private static readonly string[] Chatty =
        ["Microsoft.AspNetCore", "Yarp", "Polly", "System.Net.Http.HttpClient", "Microsoft.Hosting.Lifetime"];

    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        DevelopmentDefaults.Add(builder);
        var services = builder.Services;
        services.AddSettings<HostOptions>(HostOptions.Section).PostConfigure<IHostEnvironment>((host, environment) =>
        {
            if (environment.IsDevelopment()) host.PublicUrl ??= LocalUrl(builder.Configuration);
        });
        services.AddSettings<GatewayOptions>(GatewayOptions.Section);
        services.AddSettings<ProxyOptions>(ProxyOptions.Section);
        services.AddSingleton<IValidateOptions<HostOptions>, HostOptionsValidator>();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Supervisor>();
        services.AddHealth<BackgroundHealth>("background");
        services.AddProblems();
        services.AddSingleton<Asset>();
        services.AddSingleton<HostNames>();
        services.AddSingleton(new StartupNote(60, provider => CookieNote(provider.GetRequiredService<HostNames>())));
        services.AddSingleton<LiveGateways>().AddSingleton<DefaultRate>();
        services.AddSingleton<DataFolder>();
        services.AddHostSecrets();
        services.AddSettings<AdminOptions>(AdminOptions.Section);
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        services.AddSingleton<AdminToken>().AddSingleton<GuessLockout>();
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHostedService<StartupNotes>();
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host =>
            host.ShutdownTimeout = Drain.LongestStop(builder.Configuration));

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Listeners.Configure);
        builder.WebHost.UseSockets(Listeners.Configure);
        builder.AddVisitsCertificate();
        builder.AddLogs();
        builder.AddTelemetry();
        return builder;
    }

    /// <summary>
    /// The public URL in Development, unless the settings have another. Read from the raw settings: a fault in the gateway's section must
    /// not hide those in the host's.
    /// </summary>
    public static Uri LocalUrl(IConfiguration configuration)
    {
        var port = int.TryParse(configuration[$"{GatewayOptions.Section}:{nameof(GatewayOptions.Port)}"], out var given) ? given
            : new GatewayOptions().Port;
        return new Uri(port is 80 or 0 ? "http://localhost" : $"http://localhost:{port}");
    }

    private static string CookieNote(HostNames names) => names.AppsAreElsewhere
        ? $"Apps are below {names.AppsDomain}: their pages cannot set cookies for this host, and for each other only if {names.AppsDomain} "
            + "is not on the Public Suffix List"
        : $"Apps are below the host's own domain: their pages can set cookies for it and for each other if {names.Domain} is not on the "
            + "Public Suffix List; see Host:AppsDomain";

    private static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        // The framework's log messages per request would cost more than the visit.
        foreach (var chatty in Chatty) builder.Logging.AddFilter(chatty, LogLevel.Warning);
        // Nor an activity and a scope per request, which nothing here reads: they cost a tenth of a visit.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Each part logs its own failures, once, not at each probe.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // Program prints start-up faults in plain text; a later crash is critical and still logged.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (builder.Environment.IsDevelopment()) builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        else builder.Logging.AddJsonConsole(console => console.IncludeScopes = true);
    }
}
