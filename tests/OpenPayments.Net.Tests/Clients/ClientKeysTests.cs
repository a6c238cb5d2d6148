using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Clients;

/// <summary>How the keys of clients are fetched, from a real server that also misbehaves.</summary>
public sealed class ClientKeysTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly Jwk _key = new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System).PublicJwk;
    private readonly Jwk _changed = new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System).PublicJwk;
    private WebApplication _server = null!;
    private Func<HttpContext, Task> _answer = null!;
    private int _asked;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/alice/jwks.json", context =>
        {
            Interlocked.Increment(ref _asked);
            return _answer(context);
        });
        _server.MapGet("/elsewhere", context => WriteAsync(context, _key));
        _answer = context => WriteAsync(context, _key);
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_key_is_kept_for_five_minutes()
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(await FindAsync(keys, "k"));
        Assert.Equal(1, _asked);

        _time.Advance(TimeSpan.FromSeconds(1));
        _answer = context => WriteAsync(context);
        Assert.Null(await FindAsync(keys, "k"));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task An_unknown_key_is_asked_for_again_but_not_at_every_request()
    {
        var keys = Keys();
        for (var i = 0; i < 5; i++) Assert.Null(await FindAsync(keys, "new"));
        Assert.Equal(1, _asked);

        _answer = context => WriteAsync(context, new Jwk("new", _key.PublicKey));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await FindAsync(keys, "new"));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_key_that_changed_under_its_name_is_fetched_again_once_the_cached_one_is_older_than_10_seconds()
    {
        var keys = Keys();
        var cached = (await FindAsync(keys, "k"))!;
        _answer = context => WriteAsync(context, _changed);

        for (var i = 0; i < 5; i++) Assert.Null(await FindSuccessorAsync(keys, cached));
        Assert.Equal(1, _asked);

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(_changed.Thumbprint, (await FindSuccessorAsync(keys, cached))!.Thumbprint);
        Assert.Equal(_changed.Thumbprint, (await FindAsync(keys, "k"))!.Thumbprint);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Signatures_that_never_verify_have_the_keys_fetched_once_in_10_seconds_however_many_come_at_a_time()
    {
        var keys = Keys();
        var cached = (await FindAsync(keys, "k"))!;
        for (var round = 1; round <= 3; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(11));
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FindSuccessorAsync(keys, cached))), Assert.Null);
            Assert.Equal(1 + round, _asked);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task Good_keys_outlive_a_host_that_fails_for_half_an_hour_and_it_is_asked_every_10_seconds(int status)
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        _answer = context => FailAsync(context, status);

        _time.Advance(TimeSpan.FromMinutes(6));
        for (var i = 0; i < 5; i++) Assert.NotNull(await FindAsync(keys, "k"));
        Assert.Equal(2, _asked);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await FindAsync(keys, "k"));
        Assert.Equal(3, _asked);

        _time.Advance(TimeSpan.FromMinutes(25));
        Assert.Null(await FindAsync(keys, "k"));
    }

    [Fact]
    public async Task A_host_that_fails_when_a_signature_does_not_fit_costs_its_client_no_key()
    {
        var keys = Keys();
        var cached = (await FindAsync(keys, "k"))!;
        _answer = context => FailAsync(context, 503);
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(await FindSuccessorAsync(keys, cached));
        Assert.NotNull(await FindAsync(keys, "k"));
    }

    [Fact]
    public async Task A_host_that_is_asked_too_often_costs_its_clients_no_key()
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        _time.Advance(TimeSpan.FromMinutes(6));
        for (var i = 0; i < 20; i++) Assert.Null(await FindAsync(keys, "k", $"/nobody-{i}"));

        Assert.NotNull(await FindAsync(keys, "k"));
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_wallet_address_that_is_gone_has_no_keys(int status)
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        _answer = context => FailAsync(context, status);
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Null(await FindAsync(keys, "k"));
    }

    [Fact]
    public async Task That_there_are_no_keys_is_remembered_for_10_seconds()
    {
        var keys = Keys();
        var good = _answer;
        _answer = context => FailAsync(context, 500);
        for (var i = 0; i < 5; i++) Assert.Null(await FindAsync(keys, "k"));
        Assert.Equal(1, _asked);

        _answer = good;
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await FindAsync(keys, "k"));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_cancel_the_fetch_that_others_wait_for()
    {
        var (keys, answer) = (Keys(), new TaskCompletionSource());
        _answer = async context =>
        {
            await answer.Task;
            await WriteAsync(context, _key);
        };
        using var left = new CancellationTokenSource();
        var (first, second) = (FindAsync(keys, "k", cancellation: left.Token), FindAsync(keys, "k"));

        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult();

        Assert.NotNull(await second);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task One_caller_may_have_one_host_asked_so_often_and_others_still_as_often()
    {
        var keys = Keys();
        for (var i = 0; i < 20; i++) Assert.Null(await FindAsync(keys, "k", $"/nobody-{i}", Caller(1)));

        await Assert.ThrowsAsync<OpenPaymentsUnavailableException>(() => FindAsync(keys, "k", "/nobody-20", Caller(1)));
        Assert.NotNull(await FindAsync(keys, "k", caller: Caller(2)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FindAsync(keys, "k", "/nobody-20", Caller(1)));
    }

    [Fact]
    public async Task Strangers_use_up_half_of_a_hosts_budget_and_those_whose_signature_was_verified_have_the_other_half()
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        keys.Verified(ClientAt("/alice"), Caller(1));
        _time.Advance(TimeSpan.FromMinutes(6));
        for (var i = 0; i < 100; i++) Assert.Null(await FindAsync(keys, "k", $"/nobody-{i}", Caller(i)));

        await Assert.ThrowsAsync<OpenPaymentsUnavailableException>(() => FindAsync(keys, "k", "/nobody-100", Caller(100)));
        _answer = context => WriteAsync(context, _changed);
        Assert.Equal(_changed.Thumbprint, (await FindAsync(keys, "k", caller: Caller(100)))!.Thumbprint);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Ten_thousand_invented_addresses_push_each_other_out_and_no_address_that_was_verified()
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        keys.Verified(ClientAt("/alice"), Caller(1));
        for (var i = 0; i < 15_000; i++)
        {
            // Nearly all of them are too many for the host.
            try { Assert.Null(await FindAsync(keys, "k", $"/nobody-{i}", Caller(i))); }
            catch (OpenPaymentsUnavailableException) { }
        }

        Assert.InRange(keys.Remembered, 5_000, 10_001);
        Assert.NotNull(await FindAsync(keys, "k"));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task One_caller_may_name_so_many_hosts_and_others_still_theirs()
    {
        var keys = Keys();
        var port = new Uri(_server.Urls.Single()).Port;
        for (var host = 0; host < 50; host++) await OfHostAsync(host, Caller(1));

        await Assert.ThrowsAsync<OpenPaymentsUnavailableException>(() => OfHostAsync(50, Caller(1)));
        Assert.NotNull(await OfHostAsync(51, Caller(2)));

        async Task<Jwk?> OfHostAsync(int host, IPAddress caller)
        {
            Assert.Null(Client.OfWalletAddress($"http://h{host}.localhost:{port}/alice", out var client));
            return await keys.FindAsync(client!, "k", caller, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task One_party_cannot_push_the_others_out_of_the_verified_addresses_by_verifying_many_of_its_own()
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        keys.Verified(ClientAt("/alice"), Caller(1));
        for (var i = 0; i < 15_000; i++)
        {
            // Of each address too many for the host are not even fetched; that it is among the strangers is enough to become verified.
            try { await FindAsync(keys, "k", $"/mine-{i}", Caller(i)); }
            catch (OpenPaymentsUnavailableException) { }
            keys.Verified(ClientAt($"/mine-{i}"), IPAddress.Parse($"2001:db8:1:{i % 0xFFFF:x}::1"));
        }

        Assert.NotNull(await FindAsync(keys, "k"));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_caller_that_asked_too_often_does_not_keep_a_client_from_its_new_key()
    {
        var keys = Keys();
        Assert.NotNull(await FindAsync(keys, "k"));
        for (var i = 0; i < 30; i++)
        {
            try { await FindAsync(keys, "k", $"/nobody-{i}", Caller(1)); }
            catch (OpenPaymentsUnavailableException) { }
        }
        _time.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 30; i++)
        {
            try { await FindAsync(keys, "k", $"/nobody-{i}", Caller(1)); }
            catch (OpenPaymentsUnavailableException) { }
        }
        _answer = context => WriteAsync(context, new Jwk("new", _key.PublicKey));

        Assert.Null(await FindAsync(keys, "new", caller: Caller(1)));
        Assert.NotNull(await FindAsync(keys, "new", caller: Caller(2)));
    }

    [Fact]
    public async Task No_redirect_is_followed()
    {
        _answer = context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        Assert.Null(await FindAsync(Keys(), "k"));
    }

    [Theory]
    [InlineData(60_000, true)]
    [InlineData(70_000, false)]
    public async Task So_much_is_read_of_an_answer(int padding, bool found)
    {
        _answer = context => context.Response.WriteAsync(
            new JsonObject { ["padding"] = new string('x', padding), ["keys"] = new JsonArray(_key.ToJson()) }.ToJsonString());
        Assert.Equal(found, await FindAsync(Keys(), "k") is not null);
    }

    [Theory]
    [InlineData(49, true)]
    [InlineData(50, false)]
    public async Task So_many_keys_are_read(int before, bool found)
    {
        _answer = context => WriteAsync(context, [.. Enumerable.Range(0, before).Select(i => new Jwk($"other-{i}", _key.PublicKey)), _key]);
        Assert.Equal(found, await FindAsync(Keys(), "k") is not null);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":7}""")]
    [InlineData("""{"keys":[7,{"kty":"RSA"}]}""")]
    public async Task What_is_no_list_of_keys_has_none(string body)
    {
        _answer = context => context.Response.WriteAsync(body);
        Assert.Null(await FindAsync(Keys(), "k"));
    }

    [Fact]
    public async Task Outside_a_laboratory_nobody_is_asked_over_http()
    {
        Assert.Null(await FindAsync(new ClientKeys(new HttpClient(), insecure: false, _time), "k"));
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task A_bare_key_is_its_clients_only_one()
    {
        var client = new Client("jwk:" + _key.Thumbprint, null, _key);
        Assert.Same(_key, await Keys().FindAsync(client, "k", null, TestContext.Current.CancellationToken));
        Assert.Null(await Keys().FindAsync(client, "another", null, TestContext.Current.CancellationToken));
        Assert.Null(await Keys().FindSuccessorAsync(client, _key, null, TestContext.Current.CancellationToken));
    }

    private ClientKeys Keys() => new(GuardedHttp.Create(insecure: true), insecure: true, _time);

    private async Task<Jwk?> FindAsync(
        ClientKeys keys, string id, string path = "/alice", IPAddress? caller = null, CancellationToken? cancellation = null) =>
        await keys.FindAsync(ClientAt(path), id, caller, cancellation ?? TestContext.Current.CancellationToken);

    private async Task<Jwk?> FindSuccessorAsync(ClientKeys keys, Jwk key) =>
        await keys.FindSuccessorAsync(ClientAt("/alice"), key, null, TestContext.Current.CancellationToken);

    private static IPAddress Caller(int number) => new(new byte[] { 198, 51, (byte)(number >> 8), (byte)number });

    private Client ClientAt(string path)
    {
        Assert.Null(Client.OfWalletAddress(_server.Urls.Single() + path, out var client));
        return client!;
    }

    private static Task FailAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, params Jwk[] keys) =>
        context.Response.WriteAsync(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.ToJson())]) }.ToJsonString());
}
