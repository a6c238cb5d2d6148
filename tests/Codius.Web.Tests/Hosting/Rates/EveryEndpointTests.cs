using System.Net;
using Codius.Testing;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Pages;
using Codius.Web.Pages.Following;
using Codius.Web.Payments;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Hosting.Rates;

/// <summary>
/// Principle 6: every endpoint of every table of the real gateway is limited, whatever it is and whoever added it; one that is not is in
/// this list, with its reason.
/// </summary>
public sealed class EveryEndpointTests
{
    private const string ApiServer =
        "only the API server, known by its certificate, reaches this port, and it speaks for all users of the cluster";
    private const string Probe = "a probe that is refused has the gateway restarted; the answer is from memory";
    private const string Asset = "bytes in memory, which browsers keep for good; a page needs several at once";

    private static readonly Dictionary<string, string> Unlimited = new()
    {
        ["/.well-known/codius/assets/{version}/{file}"] = Asset,
        ["/admin/assets/{version}/{file}"] = Asset,
        ["/health/live"] = Probe,
        ["/health/ready"] = Probe,
        ["/mutate-core-codius-org-v1alpha1-service"] = ApiServer,
        ["/token"] = ApiServer,
        ["/validate-core-codius-org-v1alpha1-service"] = ApiServer,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_of_whichever_table_answers_429_to_a_client_that_comes_too_often_or_is_listed_here_with_its_reason()
    {
        await using var gateway = await StartAsync();
        var tables = Gateway.TablesOf(gateway.Services);
        var unlimited = new Dictionary<string, string>();
        var walked = 0;
        foreach (var (origin, port, map) in new (string, int, Action<IEndpointRouteBuilder>)[]
        {
            ("http://codius.test", gateway.Port, tables.Host),
            ("http://hello.codius.test", gateway.Port, tables.App),
            ("http://localhost", gateway.ManagementPort, tables.Management),
            ("http://localhost", gateway.ManagementPort, tables.Owner),
            ("https://localhost", 0, tables.Webhooks),
        })
        {
            using var client = new HttpClient(GatewayUnderTest.Handler(port));
            foreach (var endpoint in EndpointTable.EndpointsOf(gateway.Services, map))
            {
                var pattern = endpoint.RoutePattern.RawText!;
                var rate = endpoint.Metadata.GetMetadata<EndpointRate>();
                // The webhooks' port opens in a cluster only.
                if (port == 0 || !await IsLimitedAsync(client, origin, endpoint)) unlimited[pattern] = rate?.Reason ?? "";
                walked++;
            }
        }

        Assert.Equal(Unlimited.OrderBy(pair => pair.Key), unlimited.OrderBy(pair => pair.Key));
        Assert.InRange(walked, 40, 200);
    }

    [Fact]
    public async Task The_refusal_says_when_to_come_again_and_other_clients_and_endpoints_are_not_affected()
    {
        await using var gateway = await StartAsync();
        var http = gateway.Client();
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("http://codius.test/services/x", Stop)).StatusCode);
        using var third = await http.GetAsync("http://codius.test/services/y", Stop);

        Assert.Equal((HttpStatusCode.TooManyRequests, "1", "application/problem+json"),
            (third.StatusCode, third.Headers.GetValues("Retry-After").Single(), third.Content.Headers.ContentType!.MediaType));
        Assert.Contains("urn:codius:problem:too-many-requests", await third.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("http://codius.test/", Stop)).StatusCode);
    }

    [Fact]
    public async Task Whoever_has_the_admin_token_or_a_connectors_is_not_slowed_down_by_those_who_guess()
    {
        await using var gateway = await StartAsync();
        using var guesser = new HttpClient(GatewayUnderTest.Handler(gateway.ManagementPort));
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++) statuses.Add((await guesser.GetAsync("http://localhost/admin/connectors", Stop)).StatusCode);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], statuses);

        guesser.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await guesser.GetAsync("http://localhost/admin/connectors", Stop)).StatusCode);

        var connector = gateway.Client();
        statuses.Clear();
        for (var i = 0; i < 3; i++) statuses.Add((await connector.PostAsync("http://codius.test/ilp", null, Stop)).StatusCode);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], statuses);
        connector.DefaultRequestHeaders.Authorization = new("Bearer", Token + Token);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await connector.PostAsync("http://codius.test/ilp", null, Stop)).StatusCode);
    }

    private const string Token = "a-token-of-these-tests";

    private static Task<GatewayUnderTest> StartAsync()
    {
        string[] rates = ["Gateway", "Payments", "Pages"];
        return GatewayUnderTest.StartAsync(
            [
                .. rates.SelectMany(section => new[] { $"{section}:PerClient=1", $"{section}:PerClientBurst=2" }),
                $"Admin:Token={Token}", $"Payments:Connectors:one={Token}{Token}",
            ],
            services =>
            {
                var apps = new FakeApps();
                apps.Host("hello");
                services.AddSingleton<Web.Apps.IAppCatalog>(apps).AddSingleton<Web.Apps.IAppRunner>(apps);
                // Time stands still: a slow machine would admit requests that a fast one refuses.
                var (still, live) = (new Still(), new LiveGateways());
                services.AddSingleton(provider => new DefaultRate(provider.GetRequiredService<IOptions<GatewayOptions>>(), live, still));
                services.AddSingleton(provider =>
                    new AnonymousRateLimiter(provider.GetRequiredService<IOptions<PaymentsOptions>>(), live, still));
                services.AddSingleton(provider => new FollowRateLimiter(provider.GetRequiredService<IOptions<PageOptions>>(), live, still));
            });
    }

    private static async Task<bool> IsLimitedAsync(HttpClient client, string origin, RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        var parts = endpoint.RoutePattern.RawText!.Split('{', '}');
        var url = origin + string.Join("", parts.Select((part, at) => at % 2 == 0 ? part : "hello"));
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(methods[0]), url);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) return true;
        }
        return false;
    }

    private sealed class Still : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
