using System.Net;
using Codius.Testing;
using Codius.Web.Deploying;
using Codius.Web.Hosting;
using Codius.Web.Pages.Following;
using Codius.Web.Payments.TopUp;
using Codius.Web.Tests.Visits;
using Codius.Web.Visits;

namespace Codius.Web.Tests.Hosting;

/// <summary>Problems to the byte, in the whole gateway, and which clients get one.</summary>
public sealed class ProblemsTests
{
    private const string Nothing =
        """{"type":"urn:codius:problem:nothing-here","title":"There is nothing at this address","status":404,"""
        + "\"detail\":\"The host answers no such path. Check the address; the host's own page is at /.\"}";

    private const string Host = $"http://{GatewayUnderTest.Domain}";

    private static CancellationToken Stop => VisitFixture.Cancellation;

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/spsp4+json")]
    [InlineData("image/png")]
    public async Task A_program_gets_the_problem_whatever_it_accepts(string accept)
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);
        var request = new HttpRequestMessage(HttpMethod.Get, Host + "/nothing");
        request.Headers.Add("Accept", accept);

        var answer = await visits.SendAsync(request);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json", "no-store"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), answer.Headers.CacheControl!.ToString()));
        Assert.Equal(Nothing, await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task The_402_has_its_members_in_their_order_and_its_headers()
    {
        await using var visits = await VisitFixture.StartAsync(settings: ["Prices:OpenAt=0.0003"], funds: 5);

        var answer = await visits.GetAsync();

        Assert.Equal(
            """{"type":"urn:codius:problem:payment-required","title":"The app is out of funds","status":402,"""
            + "\"detail\":\"Pay the app's payment pointer and send the request again. Whoever visits an app spends its balance; "
            + "nothing was charged for this answer.\","
            + "\"paymentPointer\":\"$hello.codius.test\",\"walletAddress\":\"http://hello.codius.test/.well-known/pay\","
            + "\"price\":\"10000\",\"openAt\":\"300000\",\"balance\":\"5\",\"balanceScale\":9,\"assetCode\":\"USD\",\"assetScale\":9}",
            await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("<http://hello.codius.test/.well-known/pay>; rel=\"payment\"", Assert.Single(answer.Headers.GetValues("Link")));
        Assert.Null(answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("POST", Host + "/", "GET, HEAD")]
    [InlineData("POST", Host + "/services/x", "DELETE, GET, HEAD, OPTIONS, PUT")]
    [InlineData("GET", Host + "/ilp", "POST")]
    [InlineData("PUT", "http://hello.codius.test/.well-known/pay", "GET, HEAD, OPTIONS")]
    public async Task A_method_that_a_URL_does_not_take_is_answered_with_those_it_takes(string method, string url, string allowed)
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);

        var answer = await visits.SendAsync(new HttpRequestMessage(new HttpMethod(method), url));

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "application/problem+json", "no-store"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), answer.Headers.CacheControl!.ToString()));
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
        Assert.Equal(
            """{"type":"urn:codius:problem:method-not-allowed","title":"This URL does not take this method","status":405,"""
            + $"\"detail\":\"It takes {allowed}. Send the request again with a method that it takes.\"}}",
            await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task A_person_gets_a_page_of_it()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);
        var request = new HttpRequestMessage(HttpMethod.Post, Host + "/");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");

        var answer = await visits.SendAsync(request);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("It takes GET, HEAD.", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_HEAD_has_no_body()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);

        var answer =
            await visits.SendRawAsync($"HEAD /ilp HTTP/1.1\r\nHost: {GatewayUnderTest.Domain}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("{", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_answered_with_what_is_wrong_with_it()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);

        var answer = await visits.SendRawAsync(
            $"PUT /services/x HTTP/1.1\r\nHost: {GatewayUnderTest.Domain}\r\nAuthorization: Bearer a-token-of-problems\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nno chunk\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(
            """{"type":"urn:codius:problem:bad-request","title":"This request cannot be read","status":400,"""
            + "\"detail\":\"Bad chunk size data. Correct the request and send it again.\"}",
            answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_401_of_2020_stays_without_a_body()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);

        var answer = await visits.SendAsync(new HttpRequestMessage(HttpMethod.Put, Host + "/services/x"));

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Stop));
        Assert.Null(answer.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(415)]
    [InlineData(431)]
    public async Task An_apps_own_answer_without_a_body_stays_so(int status)
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        visits.Awake();

        var answer = await visits.GetAsync();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Stop));
        Assert.Null(answer.Content.Headers.ContentType);
        Assert.Null(answer.Headers.CacheControl);
    }

    [Fact]
    public void The_hosts_own_trouble_has_one_title_and_says_what_it_means_here()
    {
        Problem[] all =
        [
            VisitProblems.Of(VisitOutcome.LedgerUnavailable, 0), FollowProblems.LedgerAway, DeployProblems.LedgerAway,
            BalanceEndpoints.NoLedger,
        ];

        Assert.All(all, problem => Assert.Equal(
            (503, "ledger-unavailable", "The host's balances cannot be reached"), (problem.Status, problem.Code, problem.Title)));
        Assert.Equal([5, 2, 5, 1], all.Select(problem => problem.RetryAfter));
        Assert.Equal(all.Length, all.Select(problem => problem.Detail).Distinct().Count());
    }
}
