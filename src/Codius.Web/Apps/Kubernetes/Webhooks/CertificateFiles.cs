using System.Security.Cryptography;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>Loads the webhooks' certificate from files that another program renews, such as cert-manager, whenever they change.</summary>
internal sealed partial class CertificateFiles(
    WebhookCertificates certificates, IOptions<WebhookOptions> options, Supervisor supervisor, ILogger<CertificateFiles> log)
    : IHostedService, IDisposable
{
    private readonly SupervisedWork _work = supervisor.Work("webhook certificate files");
    private PhysicalFileProvider? _folder;
    private IDisposable? _watch;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.CertificateFile is not { } file) return Task.CompletedTask;
        Load();
        // A Secret's volume is swapped by a link: a file watcher does not see that, polling does.
        _folder = new PhysicalFileProvider(Path.GetDirectoryName(Path.GetFullPath(file))!)
        {
            UsePollingFileWatcher = true,
            UseActivePolling = true,
        };
        _watch = ChangeToken.OnChange(() => _folder.Watch(Path.GetFileName(file)), () => _work.Try(Load));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _watch?.Dispose();
        _folder?.Dispose();
    }

    private void Load()
    {
        try
        {
            certificates.Replace(File.ReadAllText(options.Value.CertificateFile!), File.ReadAllText(options.Value.CertificateKeyFile!));
            LogLoaded();
        }
        catch (Exception unreadable) when (
            unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // Half a renewal: the one before is served until both files match.
            LogUnreadable(unreadable);
        }
    }

    [LoggerMessage(LogLevel.Information, "The webhooks have a certificate")]
    private partial void LogLoaded();

    [LoggerMessage(LogLevel.Error, "The webhooks' certificate cannot be read; the one before is served on")]
    private partial void LogUnreadable(Exception unreadable);
}
