using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>What the app learns about its visitor, and what its answer may set for other names.</summary>
public sealed class HeadersTests
{
    private static readonly Dictionary<string, string> Claims = new()
    {
        ["X-Forwarded-For"] = "203.0.113.7",
        ["X-Forwarded-Proto"] = "https",
        ["X-Forwarded-Host"] = "hello.codius.test:444",
        ["X-Forwarded-Prefix"] = "/evil",
        ["X-Forwarded-Port"] = "1",
        ["X-Real-IP"] = "203.0.113.8",
        ["X-Original-Host"] = "evil.example",
        ["Forwarded"] = "for=203.0.113.9",
        ["X_Forwarded_For"] = "203.0.113.10",
        ["x-forwarded_proto"] = "https",
        ["X_Forwarded-Host"] = "evil.example",
        ["X_REAL_IP"] = "203.0.113.11",
    };

    [Fact]
    public async Task The_app_is_told_who_asks_and_by_which_name()
    {
        await using var visits = await EchoAsync();

        var seen = await SeenAsync(visits, VisitFixture.Request(HttpMethod.Get));

        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
        Assert.Equal("hello.codius.test", seen["X-Forwarded-Host"]);
        Assert.Equal("hello.codius.test", seen["Host"]);
        Assert.DoesNotContain("X-Forwarded-Prefix", seen.Keys);
    }

    [Fact]
    public async Task What_a_stranger_claims_about_himself_is_dropped()
    {
        await using var visits = await EchoAsync();

        var seen = await SeenAsync(visits, Claiming());

        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
        Assert.Equal("hello.codius.test", seen["X-Forwarded-Host"]);
        Assert.Empty(seen.Keys.Intersect(["X-Forwarded-Prefix", "X-Forwarded-Port", "X-Real-IP", "X-Original-Host", "Forwarded"]));
        // Servers of apps take an underscore for a hyphen: theirs would stand beside ours, or before it.
        Assert.DoesNotContain(seen.Keys, name => name.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_with_an_underscore_that_is_none_of_ours_arrives()
    {
        await using var visits = await EchoAsync();
        var request = VisitFixture.Request(HttpMethod.Get);
        request.Headers.TryAddWithoutValidation("X_Api_Key", "mine");

        Assert.Equal("mine", (await SeenAsync(visits, request))["X_Api_Key"]);
    }

    [Fact]
    public async Task What_a_known_proxy_says_is_told_to_the_app()
    {
        await using var visits = await EchoAsync("Proxies:Known:0=127.0.0.0/8");

        var seen = await SeenAsync(visits, Claiming());

        Assert.Equal("203.0.113.7", seen["X-Forwarded-For"]);
        Assert.Equal("https", seen["X-Forwarded-Proto"]);
        Assert.Equal("hello.codius.test", seen["X-Forwarded-Host"]);
        Assert.Equal("hello.codius.test", seen["Host"]);
        Assert.Empty(seen.Keys.Intersect(["X-Forwarded-Port", "X-Original-For", "X-Original-Proto", "X-Original-Host", "Forwarded"]));
    }

    [Theory]
    [InlineData("Proxies:SelectByForwardedHost=false", "hello.codius.test", HttpStatusCode.NotFound)]
    [InlineData("Proxies:SelectByForwardedHost=true", "hello.codius.test:444", HttpStatusCode.OK)]
    public async Task The_Host_header_selects_the_app_unless_the_hosts_owner_trusts_a_proxy_with_it(
        string setting, string host, HttpStatusCode byForwardedHost)
    {
        await using var visits = await EchoAsync("Proxies:Known:0=127.0.0.0/8", setting);
        Assert.Equal(host, (await SeenAsync(visits, Claiming()))["Host"]);

        var other = new HttpRequestMessage(HttpMethod.Get, "http://nobody.codius.test/");
        other.Headers.Add("X-Forwarded-Host", "hello.codius.test");
        Assert.Equal(byForwardedHost, (await visits.SendAsync(other)).StatusCode);
    }

    [Fact]
    public async Task An_app_commands_no_proxy_in_front_of_the_gateway_but_may_have_its_answer_passed_on_as_it_comes()
    {
        string[] commands =
            ["X-Accel-Redirect", "x-accel-expires", "X-Sendfile", "X-SendFile-Type", "X-LiteSpeed-Location", "X-Reproxy-URL"];
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            foreach (var command in commands) context.Response.Headers[command] = "/etc/passwd";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Response.Headers["X-Accelerated"] = "yes";
            return Task.CompletedTask;
        });
        visits.Awake();

        var answer = await visits.GetAsync();

        Assert.All(commands, command => Assert.False(answer.Headers.Contains(command)));
        Assert.Equal(("no", "yes"),
            (answer.Headers.GetValues("X-Accel-Buffering").Single(), answer.Headers.GetValues("X-Accelerated").Single()));
    }

    [Fact]
    public async Task Only_a_known_proxy_decides_whom_the_speed_limit_counts()
    {
        await using var visits = await EchoAsync(
            "Visits:PerClient:Burst=1", "Visits:PerClient:PerSecond=1", "Visits:PerClient:MaxWait=0");
        Assert.Equal(HttpStatusCode.OK, (await visits.GetAsync()).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await visits.SendAsync(Claiming())).StatusCode);
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("%41%2e?q=%2f&r=a+b%20c")]
    [InlineData("a//b/;p=1")]
    [InlineData("caf%C3%A9")]
    [InlineData("[x]|{y}?[z]")]
    public async Task Path_and_query_arrive_as_they_were_sent(string target)
    {
        await using var visits = await VisitFixture.StartAsync(context =>
            context.Response.WriteAsync(context.Features.Get<IHttpRequestFeature>()!.RawTarget));
        visits.Awake();

        var answer = await visits.SendRawAsync($"GET /{target} HTTP/1.1\r\nHost: hello.codius.test\r\nConnection: close\r\n\r\n");

        Assert.Contains($"\r\n/{target}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_fields_and_body_arrive_as_they_were_sent_and_so_does_the_answer()
    {
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.StatusCode = 299;
            context.Response.Headers["X-Method"] = context.Request.Method;
            context.Response.Headers["X-Several"] = context.Request.Headers["X-Several"];
            context.Response.ContentType = context.Request.ContentType;
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        visits.Awake();
        var request = VisitFixture.Request(new HttpMethod("PROPFIND"));
        request.Headers.Add("X-Several", ["one", "two"]);
        request.Content = JsonContent.Create("body");

        var answer = await visits.SendAsync(request);

        Assert.Equal(299, (int)answer.StatusCode);
        Assert.Equal("PROPFIND", Assert.Single(answer.Headers.GetValues("X-Method")));
        Assert.Equal("one, two", string.Join(", ", answer.Headers.GetValues("X-Several")));
        Assert.Equal("body", await answer.Content.ReadFromJsonAsync<string>(VisitFixture.Cancellation));
    }

    [Fact]
    public async Task A_cookie_for_the_whole_host_becomes_the_apps_own()
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.Headers.SetCookie = new(["a=1; Domain=codius.test; Path=/", "b=2; Domain=hello.codius.test", "c=3; HttpOnly"]);
            return Task.CompletedTask;
        });
        visits.Awake();

        var answer = await visits.GetAsync();

        Assert.Equal(["a=1; Path=/", "b=2; Domain=hello.codius.test", "c=3; HttpOnly"], answer.Headers.GetValues("Set-Cookie"));
    }

    [Theory]
    [InlineData("a=1; __Host-codius-consent=sealed; b=2", "a=1; b=2")]
    [InlineData("codius-consent=sealed; a=1;b=2 ; c", "a=1;b=2 ; c")]
    [InlineData("a=1; __host-Codius-Consent=sealed; codius-consent", "a=1")]
    [InlineData("__Host-codius-consent=sealed", null)]
    [InlineData("codius-sent=1.2; a=1; __Host-codius-sent=1.2", "a=1")]
    [InlineData("a=1;  b=codius-consent; x-codius-consent=2; codius-consents=3;",
        "a=1;  b=codius-consent; x-codius-consent=2; codius-consents=3;")]
    public async Task The_gateways_own_cookie_stays_with_the_gateway(string sent, string? arrives)
    {
        await using var visits = await EchoAsync();
        var request = VisitFixture.Request(HttpMethod.Get);
        request.Headers.TryAddWithoutValidation("Cookie", sent);

        Assert.Equal(arrives, (await SeenAsync(visits, request)).GetValueOrDefault("Cookie"));
    }

    [Fact]
    public async Task An_awake_apps_own_answer_to_a_preflight_is_free_and_bodiless()
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "https://shop.example";
            return context.Response.WriteAsync("a free lunch");
        });
        visits.Awake();
        var request = VisitFixture.Request(HttpMethod.Options);
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", "PUT");

        var answer = await visits.SendAsync(request);

        Assert.Equal("https://shop.example", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Equal((1, 0UL), (visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task An_OPTIONS_that_is_no_preflight_pays()
    {
        await using var visits = await EchoAsync();
        var request = VisitFixture.Request(HttpMethod.Options);
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", "PUT");
        request.Content = new StringContent("smuggled");

        Assert.Equal(HttpStatusCode.OK, (await visits.SendAsync(request)).StatusCode);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    private static HttpRequestMessage Claiming()
    {
        var request = VisitFixture.Request(HttpMethod.Get);
        foreach (var (name, value) in Claims) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<VisitFixture> EchoAsync(params string[] settings)
    {
        var visits = await VisitFixture.StartAsync(
            context => context.Response.WriteAsJsonAsync(
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())), settings);
        visits.Awake();
        return visits;
    }

    private static async Task<Dictionary<string, string>> SeenAsync(VisitFixture visits, HttpRequestMessage request) =>
        new((await (await visits.SendAsync(request)).Content.ReadFromJsonAsync<Dictionary<string, string>>(VisitFixture.Cancellation))!,
            StringComparer.OrdinalIgnoreCase);
}
