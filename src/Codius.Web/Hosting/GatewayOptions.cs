using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Hosting;

/// <summary>Where the gateway listens, keeps its files, and how it stops. Section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The address the listeners bind to: an IP address, <c>*</c> for all, or <c>localhost</c> for loopback.</summary>
    /// <value>The default is <c>*</c>; in Development <c>localhost</c>.</value>
    [Required]
    public string Listen { get; set; } = "*";

    /// <summary>Port of visits and of the host itself; 0 for any free one.</summary>
    /// <value>The default is 8080.</value>
    [Range(0, 65535)]
    public int Port { get; set; } = 8080;

    /// <summary>The same over HTTP/2 without TLS (for gRPC, or an ingress that speaks h2c); null for none, 0 for any free one.</summary>
    /// <value>The default is none.</value>
    [Range(0, 65535)]
    public int? Http2Port { get; set; }

    /// <summary>Port where plain HTTP is redirected to https (308), for the host's own names; null for none, 0 for any free one.</summary>
    /// <value>The default is none.</value>
    [Range(0, 65535)]
    public int? RedirectPort { get; set; }

    /// <summary>Port of health, metrics and administration; 0 for any free one.</summary>
    /// <value>The default is 9090.</value>
    [Range(0, 65535)]
    public int ManagementPort { get; set; } = 9090;

    /// <summary>
    /// Port of the webhooks that the Kubernetes API server calls (TLS); 0 for any free one. Only opened in Kubernetes mode.
    /// </summary>
    /// <value>The default is 9443.</value>
    [Range(0, 65535)]
    public int WebhookPort { get; set; } = 9443;

    /// <summary>
    /// PEM certificate for the visits port, with its intermediate ones behind it; with it the port speaks TLS (HTTP/1.1 and HTTP/2).
    /// Read again when it changes.
    /// </summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM private key that belongs to <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>
    /// Requests a second that one client address (IPv6: /64) may make at each endpoint of the gateway that has no rate of its own; over it
    /// 429.
    /// </summary>
    /// <value>The default is 20.</value>
    [Range(1, 1_000_000)]
    public int PerClient { get; set; } = 20;

    /// <summary>How many of them may come at once after a rest.</summary>
    /// <value>The default is 200.</value>
    [Range(1, 1_000_000)]
    public int PerClientBurst { get; set; } = 200;

    /// <summary>Folder for what the embedded parts keep: balances, manifests, the development secret.</summary>
    /// <value>The default is <c>data</c>, in the working directory.</value>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>
    /// How long the other end of a connection, a client or an app, may be unreachable, its packets lost, before it counts as gone.
    /// </summary>
    /// <value>The default is 4 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan DeadPeerTimeout { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>How long the gateway still serves after SIGTERM, while it already reports not ready; 0 for not at all.</summary>
    /// <value>The default is 5 seconds; in Development 0.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests in flight may still take after that.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
