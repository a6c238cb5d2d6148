using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Codius.Web.Admin.Alerts;
using Codius.Web.Hosting.Alerting;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>One message to one webhook: signed as Standard Webhooks has it, and to where it may go.</summary>
public sealed class WebhookClientTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
    private static readonly string Secret = "whsec_" + Convert.ToBase64String(Key);
    private static readonly Alert Alert = new(
        "ledger-memory", "ledger-memory", AlertSeverity.Critical, "", "It is \"full\".", "Give it more.", DateTimeOffset.UnixEpoch);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The example of the standard's own libraries.</summary>
    [Fact]
    public void The_signature_is_that_of_the_standards_example()
    {
        Assert.True(WebhookSignature.TryRead("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var key));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSignature.Sign(
            key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_%%%%")]
    public void Other_secrets_are_refused(string? secret) => Assert.False(WebhookSignature.TryRead(secret, out _));

    [Fact]
    public async Task A_message_carries_id_time_signature_and_the_alert()
    {
        await using var server = await WebhookServer.StartAsync();
        var message = AlertMessage.Began(Alert, "https://codius.test", _time.GetUtcNow());

        Assert.Null(await PostAsync(server.Url, message));

        var received = Assert.Single(server.Received);
        Assert.Equal((message.Id, "1700000000"), (received.Id, received.Timestamp));
        var signed = Encoding.UTF8.GetBytes($"{received.Id}.{received.Timestamp}.{received.Body}");
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, signed)), received.Signature);
        using var body = JsonDocument.Parse(received.Body);
        Assert.Equal("alert.began", body.RootElement.GetProperty("type").GetString());
        var data = body.RootElement.GetProperty("data");
        Assert.Equal("https://codius.test", data.GetProperty("host").GetString());
        Assert.Equal(("critical", "It is \"full\"."),
            (data.GetProperty("alert").GetProperty("severity").GetString(), data.GetProperty("alert").GetProperty("summary").GetString()));
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(204, null)]
    [InlineData(301, "It answered 301.")]
    [InlineData(410, "It answered 410.")]
    [InlineData(503, "It answered 503.")]
    public async Task Only_a_2xx_has_taken_it_and_a_redirect_is_not_followed(int status, string? cause)
    {
        await using var other = await WebhookServer.StartAsync();
        await using var server = await WebhookServer.StartAsync();
        server.Answer = context =>
        {
            context.Response.Headers.Location = other.Url.ToString();
            return WebhookServer.Status(status)(context);
        };

        Assert.Equal(cause, await PostAsync(server.Url, AlertMessage.Test("", _time.GetUtcNow())));
        Assert.Empty(other.Received);
    }

    [Theory]
    [InlineData("http://hooks.example/")]
    [InlineData("https://hooks.example:8443/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("ftp://hooks.example/")]
    public async Task Outside_Development_a_url_that_may_lead_inside_is_not_called(string url)
    {
        using var http = new HttpClient(new UncalledHandler());
        using var client = new WebhookClient(insecure: false, TimeSpan.FromSeconds(30), _time, http);

        Assert.Equal("The webhook's URL or secret cannot be used.", await client.TryPostAsync(
            new AlertWebhook { Url = new Uri(url), Secret = Secret }, AlertMessage.Test("", _time.GetUtcNow()), Stop));
    }

    [Fact]
    public async Task Nor_is_a_name_whose_addresses_are_all_inside()
    {
        using var client = new WebhookClient(insecure: false, TimeSpan.FromSeconds(30), _time);

        Assert.StartsWith("localhost has no public address", await client.TryPostAsync(
            new AlertWebhook { Url = new Uri("https://localhost/"), Secret = Secret }, AlertMessage.Test("", _time.GetUtcNow()), Stop),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_answer_is_given_up_in_time()
    {
        await using var server = await WebhookServer.StartAsync();
        server.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        using var client = new WebhookClient(insecure: true, TimeSpan.FromSeconds(1), _time);

        Assert.Equal("It did not answer in time.", await client.TryPostAsync(
            new AlertWebhook { Url = server.Url, Secret = Secret }, AlertMessage.Test("", _time.GetUtcNow()), Stop));
    }

    [Theory]
    [InlineData("http://codius.example/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://codius.example:8443/")]
    [InlineData("https://localhost/")]
    public async Task Outside_of_Development_nothing_inside_is_called(string url)
    {
        using var client = new WebhookClient(insecure: false, TimeSpan.FromSeconds(30), _time);

        Assert.NotNull(await client.TryPostAsync(
            new AlertWebhook { Url = new Uri(url), Secret = Secret }, AlertMessage.Test("", _time.GetUtcNow()), Stop));
    }

    private async Task<string?> PostAsync(Uri url, AlertMessage message)
    {
        using var client = new WebhookClient(insecure: true, WebhookClient.Timeout, _time);
        return await client.TryPostAsync(new AlertWebhook { Url = url, Secret = Secret }, message, Stop);
    }

    private sealed class UncalledHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"{request.RequestUri} was called");
    }
}
