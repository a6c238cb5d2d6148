using Codius.Testing;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Dashboard.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Dashboard.Live;

/// <summary>The stream of an open dashboard.</summary>
public sealed class LiveEndpointTests
{
    [Fact]
    public async Task It_ends_soon_after_its_token_was_revoked()
    {
        var (time, alerts) = (new FakeTimeProvider(), new SetAlerts());
        await using var gateway = await HelloGateway.StartAsync(services => services
            .AddSingleton<IAlerts>(alerts)
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<LiveEndpoint>(provider, time)));
        var tokens = gateway.Services.GetRequiredService<AdminTokens>();
        var (token, _) = (await tokens.MakeAsync("ana", [AdminScope.Read], TimeProvider.System.GetUtcNow().AddDays(1), "a test"))!.Value;
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(token);
        var stream = browser.GetAsync(LiveEndpoint.Path, navigates: false);
        await Eventually.TrueAsync("it is followed", () => alerts.IsHeard);

        await tokens.RevokeAsync("ana");

        await Eventually.TrueAsync("the stream has ended", () =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return stream.IsCompleted;
        });
        Assert.EndsWith("event: signed-out\ndata: {}\n\n", (await stream).Text, StringComparison.Ordinal);
    }
}
