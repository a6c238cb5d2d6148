using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Hosting.Secrets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>How long a browser stays signed in.</summary>
public sealed class AdminSessionsTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));

    [Fact]
    public void A_session_ends_after_half_a_day_however_long_its_browser_keeps_the_cookie()
    {
        var sessions = SessionsOf(1);
        var cookie = CookieOf(sessions);
        _time.Advance(AdminSessions.Lifetime - TimeSpan.FromSeconds(1));
        Assert.True(sessions.TryRead(With(cookie), out _));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(sessions.TryRead(With(cookie), out _));
    }

    [Fact]
    public void A_cookie_of_another_host_or_one_that_was_changed_is_none()
    {
        var cookie = CookieOf(SessionsOf(1));

        Assert.False(SessionsOf(2).TryRead(With(cookie), out _));
        Assert.False(SessionsOf(1).TryRead(With(cookie[..^2] + (cookie[^2] == 'A' ? "BA" : "AA")), out _));
        Assert.False(SessionsOf(1).TryRead(With(cookie[..(cookie.IndexOf('=', StringComparison.Ordinal) + 1)]), out _));
    }

    private AdminSessions SessionsOf(byte secret) =>
        new(new HostSecrets(new HostSecret([.. Enumerable.Repeat(secret, HostSecret.Length)]), []), _time);

    private static string CookieOf(AdminSessions sessions)
    {
        var context = new DefaultHttpContext();
        sessions.Begin(context, new byte[32]);
        return context.Response.Headers.SetCookie.ToString().Split(';')[0];
    }

    private static DefaultHttpContext With(string cookie)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = cookie;
        return context;
    }
}
