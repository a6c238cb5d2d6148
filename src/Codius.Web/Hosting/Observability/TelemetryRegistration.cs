using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Codius.Web.Hosting.Observability;

/// <summary>Registers OpenTelemetry: the metrics always, traces and exports by OTLP only where they are configured.</summary>
internal static class TelemetryRegistration
{
    /// <summary>The meters of the framework whose instruments are the gateway's too.</summary>
    public static IReadOnlyList<string> StandardMeters { get; } =
        ["Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Net.NameResolution", "System.Runtime"];

    /// <summary>The framework's meter of requests, which <c>Telemetry:RequestDurations</c> turns on.</summary>
    public const string RequestsMeter = "Microsoft.AspNetCore.Hosting";

    private const string RequestDurations = $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.RequestDurations)}";

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddSingleton<GatewayGauges>().AddHostedService(provider => provider.GetRequiredService<GatewayGauges>());
        var telemetry = services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(metrics =>
        {
            metrics.AddMeter([Telemetry.Name, .. StandardMeters]);
            metrics.AddView(MetricViews.Of);
            if (configuration.GetValue(RequestDurations, false)) metrics.AddMeter(RequestsMeter);
            if (Otlp.IsExported(configuration, "metrics"))
                metrics.AddOtlpExporter(exporter => Otlp.Configure(exporter, configuration, "metrics"));
        });
        if (RatioOf(configuration) > 0)
        {
            telemetry.WithTracing(traces =>
            {
                // The gateway chooses before it makes a span: of the visits that are not traced there is none.
                traces.AddSource(Telemetry.Name).SetSampler(new AlwaysOnSampler());
                if (Otlp.IsExported(configuration, "traces"))
                    traces.AddOtlpExporter(exporter => Otlp.Configure(exporter, configuration, "traces"));
            });
        }
        if (Otlp.IsExported(configuration, "logs"))
        {
            builder.Logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true;
                var resource = ResourceBuilder.CreateDefault();
                Describe(resource);
                logs.SetResourceBuilder(resource);
                logs.AddOtlpExporter(exporter => Otlp.Configure(exporter, configuration, "logs"));
            });
        }
        return builder;
    }

    /// <summary>Registers gauges, which are read when metrics are collected.</summary>
    public static IServiceCollection AddGauges<T>(this IServiceCollection services) where T : class, IGauges =>
        services.AddSingleton<IGauges, T>();

    // The standard variables, such as OTEL_SERVICE_NAME, have the last word.
    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("codius-web", serviceVersion: Telemetry.Version, serviceInstanceId: Environment.MachineName)
            .AddEnvironmentVariableDetector();

    // Read before the settings are validated; the validation reports what is no number.
    private static double RatioOf(ConfigurationManager configuration) =>
        double.TryParse(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.TraceRatio)}"],
            System.Globalization.CultureInfo.InvariantCulture, out var ratio) ? ratio : 0;
}
