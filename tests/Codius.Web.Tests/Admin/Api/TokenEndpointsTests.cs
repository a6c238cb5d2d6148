using Codius.Web.Admin.Access;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Tests.Admin.Dashboard;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>Several admins: tokens with a name, scopes and an end, made and revoked by API.</summary>
public sealed class TokenEndpointsTests
{
    private static readonly DateTimeOffset Soon = TimeProvider.System.GetUtcNow().AddDays(1);

    private static readonly string[] Logged = ["action", "subject", "by", "from", "outcome", "reason"];

    private static readonly object Ops = new { name = "ops", scopes = new[] { "read" }, expiresAt = Soon, reason = "a colleague" };

    [Fact]
    public async Task A_token_works_within_its_scopes_until_it_is_revoked_and_both_are_in_the_audit_log()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);

        var made = await owner.PostAsync("/tokens", Ops);
        Assert.Equal(201, made.Status);
        using var colleague = new OwnersClient(gateway.ManagementPort, made.Json.GetProperty("token").GetString());
        Assert.Equal(200, (await colleague.GetAsync("/tokens")).Status);
        Assert.Equal((403, "scope-needed"), Of(await colleague.PostAsync("/tokens/ops:revoke", new { reason = "mine" })));
        Assert.Equal(200, (await colleague.SendAsync(HttpMethod.Get, "//metrics")).Status);

        Assert.Equal(204, (await owner.PostAsync("/tokens/ops:revoke", new { reason = "has left" })).Status);
        Assert.Equal((401, "admin-token-needed"), Of(await colleague.GetAsync("/tokens")));
        Assert.Equal((404, "no-such-token"), Of(await owner.PostAsync("/tokens/ops:revoke", new { reason = "again" })));

        var log = (await owner.GetAsync("/audit")).Json.GetProperty("items").EnumerateArray().Select(entry => string.Join(' ',
            Logged.Select(field => entry.GetProperty(field).GetString())));
        Assert.Equal(
            [
                "token.revoke ops settings 127.0.0.1 no such token again", "token.revoke ops settings 127.0.0.1 done has left",
                "token.make ops settings 127.0.0.1 done a colleague",
            ],
            log);
    }

    [Fact]
    public async Task A_token_is_never_shown_again()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var made = await owner.PostAsync("/tokens", Ops);
        var token = made.Json.GetProperty("token").GetString()!;

        foreach (var path in new[] { "/tokens", "/audit" })
        {
            var list = await owner.GetAsync(path);
            Assert.Contains("ops", list.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(token, list.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(AdminToken.Hash(token)), list.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"name":"settings","scopes":["read"],"expiresAt":"{soon}","reason":"why"}""", "name")]
    [InlineData("""{"name":"Ops/../","scopes":["read"],"expiresAt":"{soon}","reason":"why"}""", "name")]
    [InlineData("""{"name":"ops","scopes":[],"expiresAt":"{soon}","reason":"why"}""", "scopes")]
    [InlineData("""{"name":"ops","scopes":["read","all"],"expiresAt":"{soon}","reason":"why"}""", "scopes")]
    [InlineData("""{"name":"ops","scopes":["read"],"expiresAt":"2020-01-01T00:00:00Z","reason":"why"}""", "expiresAt")]
    [InlineData("""{"name":"ops","scopes":["read"],"expiresAt":"2999-01-01T00:00:00Z","reason":"why"}""", "expiresAt")]
    [InlineData("""{"name":"ops","scopes":["read"],"expiresAt":"{soon}","reason":" "}""", "reason")]
    [InlineData("""{"name":"ops","scopes":["read"],"expiresAt":"{soon}","reason":"a\r\nb"}""", "reason")]
    [InlineData("""{"name":"ops","scopes":["read"],"expiresAt":"{soon}","reason":"why","admin":true}""", null)]
    [InlineData("""{"scopes":["read"],"expiresAt":"{soon}","reason":"why"}""", null)]
    [InlineData("""[]""", null)]
    public async Task A_token_that_is_not_well_formed_is_not_made(string body, string? parameter)
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);

        var answer = await owner.PostAsync("/tokens", body.Replace("{soon}", Soon.ToString("O"), StringComparison.Ordinal));

        Assert.Equal((400, "bad-request"), Of(answer));
        if (parameter is not null) Assert.Equal(parameter, answer.Json.GetProperty("parameter").GetString());
        Assert.Empty((await owner.GetAsync("/tokens")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_audit_log_is_filtered_by_who_what_and_when()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var log = gateway.Services.GetRequiredService<IAuditLog>();
        var now = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        for (var i = 0; i < 4; i++)
            await log.WriteAsync(new AuditEntry(
                now.AddHours(-i), i < 2 ? "ops" : "money", null, i % 2 == 0 ? "app.wake" : "app.sleep", $"app-{i}", "a test", "done"));
        async Task<string> Subjects(string query) => string.Join(' ', (await owner.GetAsync("/audit?" + query)).Json.GetProperty("items")
            .EnumerateArray().Select(entry => entry.GetProperty("subject").GetString()));
        static string At(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O"));

        Assert.Equal("app-0 app-1", await Subjects("by=ops"));
        Assert.Equal("app-1 app-3", await Subjects("action=app.sleep"));
        Assert.Equal("app-0 app-1", await Subjects($"from={At(now.AddMinutes(-90))}"));
        Assert.Equal("app-2 app-3", await Subjects($"until={At(now.AddMinutes(-90))}"));
        Assert.Equal("app-2", await Subjects($"from={At(now.AddMinutes(-150))}&until={At(now.AddMinutes(-90))}"));
        Assert.Equal(400, (await owner.GetAsync("/audit?from=1999-01-01")).Status);
    }

    [Fact]
    public async Task Who_guesses_is_locked_out_with_any_token_while_the_owner_works_from_elsewhere()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: ["Proxies:Known:0=127.0.0.0/8"]);
        var (guesser, elsewhere) = (("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-For", "198.51.100.7"));
        for (var i = 0; i <= GuessLockout.FreeGuesses; i++)
        {
            using var guess = new OwnersClient(gateway.ManagementPort, $"a-guess-of-the-token-{i}");
            Assert.Equal(401, (await guess.SendAsync(HttpMethod.Get, "/audit", null, guesser)).Status);
        }
        using var owner = OwnersClient.Of(gateway);

        var locked = await owner.SendAsync(HttpMethod.Get, "/audit", null, guesser);
        Assert.Equal((429, "locked-out", "1"), (locked.Status, locked.Problem, locked.RetryAfter));
        Assert.Equal(200, (await owner.SendAsync(HttpMethod.Get, "/audit", null, elsewhere)).Status);
    }

    [Fact]
    public async Task Made_tokens_and_sessions_work_whoever_guesses_at_their_address_and_the_token_of_the_settings_does_not()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        using var named = await OwnersClient.WithAsync(gateway, AdminScope.Read);
        // Made at another gateway, maybe: this one has not read it yet.
        using var unread = await OwnersClient.WithAsync(gateway, AdminScope.Read);
        var status = 0;
        for (var i = 0; i < 100 && status != 429; i++)
        {
            using var guess = new OwnersClient(gateway.ManagementPort, (i % 2 == 0 ? "codius-admin-" : "") + $"guess-of-the-token-{i}");
            for (var j = 0; j < 2; j++) status = (await guess.GetAsync("/audit")).Status;
            if (i < 20) status = 0;
        }
        using var owner = OwnersClient.Of(gateway);

        Assert.Equal((429, "locked-out"), Of(await owner.GetAsync("/audit")));
        Assert.Equal(200, (await named.GetAsync("/audit")).Status);
        Assert.Equal(200, (await unread.GetAsync("/audit")).Status);
        Assert.Equal(200, (await browser.GetAsync("/admin/")).Status);
    }

    [Fact]
    public async Task One_token_cannot_push_the_audit_log_out_with_changes_of_what_is_not_there_nor_without_end()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var narrow = await OwnersClient.WithAsync(gateway, AdminScope.Operate);
        using var other = await OwnersClient.WithAsync(gateway, AdminScope.Operate, AdminScope.Read);
        var answer = await narrow.PostAsync("/apps/not-there:block", new { reason = "spam" });
        Assert.Equal(404, answer.Status);

        // A slow machine lets some more pass: one a second.
        for (var i = 0; i < 2_000 && answer.Status == 404; i++)
            answer = await narrow.PostAsync("/apps/not-there:wake", new { reason = "x" });

        Assert.Equal((429, "too-many-changes"), Of(answer));
        Assert.Equal(404, (await other.PostAsync("/apps/not-there:wake", new { reason = "x" })).Status);
        Assert.Empty((await other.GetAsync("/audit")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_browser_changes_nothing_from_another_site()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        Assert.Equal((403, "wrong-origin"), Of(await owner.PostAsync("/tokens", Ops, null, ("Origin", "https://evil.example"))));
        Assert.Equal(201, (await owner.PostAsync("/tokens", Ops, null, ("Origin", "http://management"))).Status);
    }

    [Fact]
    public async Task Metrics_and_health_take_any_token_that_may_read_and_programs_of_before_that_of_the_settings_alone()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        using var reader = await OwnersClient.WithAsync(gateway, AdminScope.Read);
        using var other = await OwnersClient.WithAsync(gateway, AdminScope.Operate, AdminScope.Money);

        foreach (var path in new[] { "//metrics", "//admin/health" })
        {
            Assert.Equal(200, (await owner.GetAsync(path)).Status);
            Assert.Equal(200, (await reader.GetAsync(path)).Status);
            Assert.Equal((403, "scope-needed"), Of(await other.GetAsync(path)));
        }
        Assert.Equal(200, (await owner.GetAsync("//admin/connectors")).Status);
        Assert.Equal((401, "admin-token-needed"), Of(await reader.GetAsync("//admin/connectors")));
    }

    private static (int Status, string? Problem) Of(OwnersClient.Answer answer) => (answer.Status, answer.Problem);
}
