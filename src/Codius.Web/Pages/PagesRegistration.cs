using Codius.Web.Apps;
using Codius.Web.Hosting.Settings;
using Codius.Web.Pages.Following;
using Codius.Web.Pages.Home;
using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;
using Codius.Web.Pages.Visiting;

namespace Codius.Web.Pages;

/// <summary>Registers the pages and the streams that keep them up to date.</summary>
internal static class PagesRegistration
{
    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var development = builder.Environment.IsDevelopment();
        services.AddSettings<PageOptions>(PageOptions.Section);
        services.AddOptions<PageOptions>()
            .Validate(options => options.KubernetesAuthorityFile is not { } file || File.Exists(file),
                $"{PageOptions.Section}:{nameof(PageOptions.KubernetesAuthorityFile)} names no file that exists.")
            .PostConfigure(options =>
        {
            options.ListApps ??= development;
            options.ExampleImage ??= development ? AppsRegistration.SampleImage : "nginxinc/nginx-unprivileged:stable-alpine";
        });
        services.AddSingleton<SandboxWallet>();
        services.AddSingleton<RazorPage>();
        services.AddSingleton<WalletAmounts>();
        services.AddSingleton<OfferedWays>();
        services.AddSingleton<SentPayment>();
        services.AddSingleton<PaymentModels>();
        services.AddSingleton<WakeTimes>();
        services.AddSingleton<PayEndpoint>();
        services.AddSingleton<IWalletPages, WalletPages>();
        services.AddSingleton<StartMessages>();
        services.AddSingleton<IVisitPages, VisitPages>();
        services.AddSingleton<IProblemDetailsWriter, ProblemPageWriter>();
        services.AddSingleton<StateReader>();
        services.AddSingleton<AppStateChanges>();
        services.AddSingleton<StreamSlots>();
        services.AddSingleton<FollowRateLimiter>();
        services.AddSingleton<EventFeeds>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<HomeEndpoint>();
        return builder;
    }

    /// <summary>Maps what the pages need on an app's own host name.</summary>
    public static IEndpointRouteBuilder MapAppPages(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPageAssets().MapAppFollowing().MapPay();

    /// <summary>Maps the host's own page and what it needs.</summary>
    public static IEndpointRouteBuilder MapHostPages(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPageAssets().MapAccountFollowing().MapHome();
}
