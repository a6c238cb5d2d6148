using Codius.Web.Admin.Access;
using Codius.Web.Admin.Api;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>A stream of events lasts no longer than the token it was opened with.</summary>
public sealed class ApiEventsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    private readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public async Task A_gateway_has_so_many_streams_at_once_and_no_kind_that_is_none()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var events = gateway.Services.GetRequiredService<ApiEvents>();
        var admin = new AdminIdentity("ops", AdminScopes.All, null);
        for (var i = 0; i < ApiEvents.Most; i++) Assert.NotNull(events.TryOpen(admin, [], null, TestContext.Current.CancellationToken));

        Assert.Null(events.TryOpen(admin, [], null, TestContext.Current.CancellationToken));
        Assert.Equal((503, "too-many-streams"), (await owner.GetAsync("/events") is var full ? (full.Status, full.Problem) : default));
        Assert.Equal(400, (await owner.GetAsync("/events?kinds=app,weather")).Status);
    }

    [Fact]
    public async Task A_stream_ends_at_the_pause_after_its_token_was_revoked_and_when_its_token_ends()
    {
        await using var gateway = await PayableGateway.StartAsync();
        var services = gateway.Services;
        using var tokens = new AdminTokens(services.GetRequiredService<RedisStore>(), _time);
        var authentication = new AdminAuthentication(
            services.GetRequiredService<AdminToken>(), tokens, services.GetRequiredService<GuessLockout>(), _time);
        var events = new ApiEvents(services.GetRequiredService<IAppRunner>(), services.GetRequiredService<IAppCatalog>(),
            services.GetRequiredService<IBalanceChanges>(), authentication, services.GetRequiredService<Drain>(), _time);
        async Task<IAsyncEnumerator<string>> Open(string name, DateTimeOffset end)
        {
            var (token, _) = (await tokens.MakeAsync(name, [AdminScope.Read], end, "a test"))!.Value;
            var admin = (await authentication.OfTokenAsync(token, null)).Admin!;
            var stream = events.TryOpen(admin, AdminToken.Hash(token), null, TestContext.Current.CancellationToken)!
                .Select(item => item.EventType).GetAsyncEnumerator(TestContext.Current.CancellationToken);
            Assert.True(await stream.MoveNextAsync());
            return stream;
        }
        async Task<string?> After(IAsyncEnumerator<string> stream, double seconds)
        {
            var next = stream.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(seconds));
            return await next ? stream.Current : null;
        }

        await using (var revoked = await Open("revoked", Now.AddDays(100)))
        {
            Assert.Equal("pause", await After(revoked, 15));
            await tokens.RevokeAsync("revoked");
            Assert.Null(await After(revoked, 15));
        }
        await using var ended = await Open("ended", _time.GetUtcNow().AddSeconds(20));
        Assert.Equal("pause", await After(ended, 15));
        Assert.Null(await After(ended, 5.1));
    }
}
