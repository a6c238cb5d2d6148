using System.Security.Cryptography;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Hosting.Certificates;

/// <summary>
/// Loads a certificate from files that another program renews, such as cert-manager or certbot, whenever they change. What cannot be
/// read changes nothing: the certificate before it is served on.
/// </summary>
/// <param name="port">Whose certificate it is, for people.</param>
/// <param name="files">PEM file of the certificate and the intermediate ones, and of its key; null if there are none.</param>
/// <param name="certificate">Where it is served from.</param>
/// <param name="supervisor">Keeps the watch over the files running.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class CertificateFiles(
    string port, (string Certificate, string Key)? files, ServerCertificate certificate, Supervisor supervisor, TimeProvider time,
    ILogger<CertificateFiles> log) : SupervisedService(supervisor.Work($"certificate files of the {port} port"))
{
    public static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5);

    private (string Certificate, string Key)? _read;
    private volatile State _state = new(time.GetUtcNow(), Trouble: null);

    /// <summary>Why the files cannot be used, and since when; null since the last time they could.</summary>
    public State Current => _state;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (files is not { } named) return Task.CompletedTask;
        Load(named.Certificate, named.Key);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// By their content: a rename or a swapped link changes neither file's own time, and the key may come after the certificate.
    /// </summary>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (files is not { } named) return;
        using var timer = SharedTicks.Every(ReadEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Load(named.Certificate, named.Key);
            Work.Succeeded();
        }
    }

    private void Load(string certificateFile, string keyFile)
    {
        try
        {
            var read = (Certificate: File.ReadAllText(certificateFile), Key: File.ReadAllText(keyFile));
            if (read == _read) return;
            _read = read;
            certificate.Replace(read.Certificate, read.Key);
            _state = new State(time.GetUtcNow(), Trouble: null);
            LogLoaded(port, certificate.Current!.NotAfter.ToUniversalTime());
        }
        catch (Exception unreadable) when (
            unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // Half a renewal, or a broken one: the files are read until they match.
            if (unreadable is IOException or UnauthorizedAccessException) _read = null;
            if (_state.Trouble == unreadable.Message) return;
            _state = new State(time.GetUtcNow(), unreadable.Message);
            LogUnreadable(port, unreadable);
        }
    }

    [LoggerMessage(LogLevel.Information, "The {Port} port has a certificate, valid until {Until:u}")]
    private partial void LogLoaded(string port, DateTime until);

    [LoggerMessage(LogLevel.Error, "The certificate of the {Port} port cannot be read; the one before is served on")]
    private partial void LogUnreadable(string port, Exception unreadable);

    /// <param name="Since">When this began.</param>
    /// <param name="Trouble">Why the files cannot be used; null if they are.</param>
    internal sealed record State(DateTimeOffset Since, string? Trouble);
}
