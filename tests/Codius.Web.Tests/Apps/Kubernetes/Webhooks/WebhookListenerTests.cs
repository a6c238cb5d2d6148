using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Certificates;
using Codius.Web.Hosting.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Kubernetes.Webhooks;

/// <summary>The webhooks' port on real Kestrel: which clients it accepts, and how it loads a new certificate.</summary>
public sealed class WebhookListenerTests : IAsyncLifetime
{
    private static readonly string[] Names = ["localhost", "127.0.0.1"];

    private readonly CertificateMaker _maker = new(TimeProvider.System);
    private readonly WebhookCertificates _certificates = new();
    private readonly TemporaryFolder _folder = new();
    private readonly CertificateBundle _apiServer;
    private readonly WebhookOptions _options;
    private WebApplication _app = null!;
    private Uri _address = null!;

    public WebhookListenerTests()
    {
        _apiServer = TestCertificates.Client("kube-apiserver");
        File.WriteAllText(_folder["clients.pem"], _apiServer.Authorities);
        _options = new WebhookOptions { ClientAuthorityFile = _folder["clients.pem"], ClientNames = { "kube-apiserver" } };
    }

    public async ValueTask InitializeAsync()
    {
        var hosting = Options.Create(new AppOptions { Engine = AppEngine.Kubernetes });
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            new WebhookListener(_certificates, new ApiServerCertificates(Options.Create(_options)), hosting, Options.Create(_options))
            .Open(kestrel, new GatewayOptions { Listen = "127.0.0.1", WebhookPort = 0 }));
        _app = builder.Build();
        _app.Run(context => context.Response.WriteAsync(context.Features.Get<ClientConnection>()!.Listener.Name));
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_API_server_is_let_in_and_each_new_certificate_is_shown_without_a_restart()
    {
        using var client = ClientCertificate(_apiServer);

        foreach (var bundle in (CertificateBundle[])[_maker.Renew(null, Names), _maker.Renew(null, Names)])
        {
            _certificates.Replace(bundle.Certificate, bundle.Key);
            var (text, shown) = await AskAsync(client);
            Assert.Equal("webhooks", text);
            using var expected = X509Certificate2.CreateFromPem(bundle.Certificate);
            Assert.Equal(expected.Thumbprint, shown);
        }
    }

    [Fact]
    public async Task Nobody_else_is_let_in()
    {
        var bundle = _maker.Renew(null, Names);
        _certificates.Replace(bundle.Certificate, bundle.Key);
        using var stranger = ClientCertificate(TestCertificates.Client("kube-apiserver"));
        using var otherName = ClientCertificate(TestCertificates.Client("somebody", _apiServer));
        using var forServers =
            ClientCertificate(_maker.Renew(_apiServer with { Certificate = bundle.Certificate, Key = bundle.Key }, ["kube-apiserver"]));

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(null));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(stranger));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(otherName));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(forServers));
    }

    [Fact]
    public async Task Without_a_certificate_yet_nobody_is_served()
    {
        using var client = ClientCertificate(_apiServer);

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(client));
    }

    [Fact]
    public async Task A_certificate_from_files_is_read_again_when_it_changes()
    {
        var (first, second) = (_maker.Renew(null, Names), _maker.Renew(null, Names));
        Write(first);
        var taken = new TakenLog();
        using var files = new CertificateFiles("webhooks", (_folder["tls.crt"], _folder["tls.key"]), _certificates, Supervised.By(),
            TimeProvider.System, taken);
        await files.StartAsync(TestContext.Current.CancellationToken);
        await taken.NextAsync();
        using var client = ClientCertificate(_apiServer);
        var before = (await AskAsync(client)).Shown;

        Write(second);
        using var expected = X509Certificate2.CreateFromPem(second.Certificate);
        while ((await AskAsync(client)).Shown != expected.Thumbprint) await taken.NextAsync();

        Assert.NotEqual(before, expected.Thumbprint);

        void Write(CertificateBundle bundle)
        {
            File.WriteAllText(_folder["tls.key"], bundle.Key);
            File.WriteAllText(_folder["tls.crt"], bundle.Certificate);
        }
    }

    private async Task<(string Text, string Shown)> AskAsync(X509Certificate2? certificate)
    {
        string shown = "";
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = certificate is null ? [] : [certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
                RemoteCertificateValidationCallback = (_, server, _, _) =>
                {
                    shown = ((X509Certificate2)server!).Thumbprint;
                    return shown.Length > 0; // which one it is, the test compares
                },
            },
        };
        using var client = new HttpClient(handler);
        return (await client.GetStringAsync(_address, TestContext.Current.CancellationToken), shown);
    }

    private static X509Certificate2 ClientCertificate(CertificateBundle bundle)
    {
        using var fromPem = X509Certificate2.CreateFromPem(bundle.Certificate, bundle.Key);
        return X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Completes when a certificate was loaded, or could not be.</summary>
    private sealed class TakenLog : ILogger<CertificateFiles>
    {
        private readonly Channel<bool> _taken = Channel.CreateUnbounded<bool>();

        public async Task NextAsync() => await _taken.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => NullLogger.Instance.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) => _taken.Writer.TryWrite(true);
    }
}
