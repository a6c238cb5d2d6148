using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Deploying;

/// <summary>The whole gateway on real Kestrel and a real store, with its webhooks on a plain port and apps in memory.</summary>
internal sealed class DeployHost : IAsyncDisposable
{
    public const ulong Price = 10_000_000; // 0.01 at scale 9

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private DeployHost(WebApplication app, TemporaryFolder folder)
    {
        (_app, _folder) = (app, folder);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Client = new HttpClient { BaseAddress = new Uri(addresses[0]), DefaultRequestHeaders = { Host = "codius.example" } };
        Webhooks = new HttpClient { BaseAddress = new Uri(addresses[^1]) };
    }

    /// <summary>Sends requests to the host's own name.</summary>
    public HttpClient Client { get; }

    /// <summary>Sends requests as the API server.</summary>
    public HttpClient Webhooks { get; }

    public FakeAppStore Apps => _app.Services.GetRequiredService<FakeAppStore>();

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>
    /// A gateway on a Redis or on Garnet inside it; apps are in memory, or (with <paramref name="images"/>) in the gateway's own store.
    /// </summary>
    public static Task<DeployHost> StartAsync(RedisServer? redis = null, params string[] images) =>
        StartAsync(new PlainWebhooks(), redis, images);

    /// <param name="webhooks">Opens the webhooks' port in another way.</param>
    public static Task<DeployHost> StartAsync(IListenerOpener webhooks, RedisServer? redis = null, params string[] images) =>
        StartAsync(webhooks, redis, null, images);

    /// <summary>A gateway on Garnet whose apps are in its own store.</summary>
    public static Task<DeployHost> StartWithAsync(Action<IServiceCollection> services, params string[] images) =>
        StartAsync(new PlainWebhooks(), null, services, images);

    private static async Task<DeployHost> StartAsync(
        IListenerOpener webhooks, RedisServer? redis, Action<IServiceCollection>? services, string[] images)
    {
        var folder = new TemporaryFolder();
        List<string> settings =
        [
            "--environment=Development", "--Host:PublicUrl=https://codius.example", "--Gateway:Port=0", "--Gateway:ManagementPort=0",
                "--Gateway:Listen=127.0.0.1",
            "--Gateway:DrainDelay=00:00:00", $"--Gateway:DataFolder={folder.Path}",
        ];
        settings.AddRange(images.SelectMany((image, i) =>
            (string[])[$"--Apps:Processes:Images:{i}:Image={image}", $"--Apps:Processes:Images:{i}:Command=true"]));
        if (redis is not null) settings.Add($"--Redis:ConnectionString={redis.ConnectionString}");
        var app = Gateway.Build([.. settings], builder =>
        {
            builder.Services.AddSingleton(webhooks);
            services?.Invoke(builder.Services);
            if (images.Length > 0) return;
            builder.Services.AddSingleton<FakeAppStore>();
            builder.Services.AddSingleton<IAppStore>(provider => provider.GetRequiredService<FakeAppStore>());
            builder.Services.AddSingleton<IAppCatalog>(provider => provider.GetRequiredService<FakeAppStore>());
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new DeployHost(app, folder);
    }

    public async Task PayAsync(AccountId account, ulong amount)
    {
        var now = TimeProvider.System.GetUtcNow();
        var credit = new PacketCredit(account, amount, RandomNumberGenerator.GetBytes(32), now.AddSeconds(30), now.AddSeconds(29));
        var result = await Get<IBalanceLedger>().CreditAsync(credit, TestContext.Current.CancellationToken);
        Assert.Equal(CreditOutcome.Credited, result.Outcome);
    }

    /// <summary>A deploy token with funds for so many deploys.</summary>
    public async Task<string> TokenAsync(ulong deploys = 1)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (deploys > 0) await PayAsync(AccountId.OfDeployToken(token), deploys * Price);
        return token;
    }

    public async Task<Balance> BalanceAsync(string token)
    {
        var balance = await Get<IBalanceLedger>()
            .ReadAsync(AccountId.OfDeployToken(token), TestContext.Current.CancellationToken) ?? default;
        Assert.Equal(balance.Credited, balance.Available + balance.Spent + balance.Leased);
        return balance;
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string name, string? token, string? body = null)
    {
        var request = new HttpRequestMessage(method, "/services/" + name);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> PutAsync(string name, string token, string body) =>
        (await SendAsync(HttpMethod.Put, name, token, body)).StatusCode;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Webhooks.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class PlainWebhooks : IListenerOpener
    {
        public void Open(KestrelServerOptions kestrel, GatewayOptions gateway) =>
            Listeners.Open(kestrel, "127.0.0.1", 0, Listener.Webhooks, _ => { });
    }
}
