using System.ComponentModel.DataAnnotations;
using Codius.Web.Hosting;

namespace Codius.Web.Pages;

/// <summary>The pages people see, and the streams that keep them up to date. Section <c>Pages</c>.</summary>
internal sealed class PageOptions : EndpointRateOptions
{
    public const string Section = "Pages";

    /// <summary>Where people get a Web Monetization extension.</summary>
    /// <value>The default is <c>https://webmonetization.org/</c>.</value>
    [Required]
    public Uri ExtensionUrl { get; set; } = new("https://webmonetization.org/");

    /// <summary>The cluster's API server as developers reach it; with it the host's page shows how to deploy by <c>kubectl</c>.</summary>
    public Uri? KubernetesApiUrl { get; set; }

    /// <summary>
    /// The certificate authority of that server, a PEM file that the host's page offers; null where the server's certificate is a public
    /// one.
    /// </summary>
    public string? KubernetesAuthorityFile { get; set; }

    /// <summary>
    /// The image in the host page's examples: one that this host can run as it is, and that listens where <c>PORT</c> says or on 8080.
    /// </summary>
    /// <value>The default is <c>nginxinc/nginx-unprivileged:stable-alpine</c>; in Development <c>hello</c>.</value>
    public string? ExampleImage { get; set; }

    /// <summary>True to list the apps on the host's page.</summary>
    /// <value>The default is false; in Development true.</value>
    public bool? ListApps { get; set; }

    /// <summary>Open event streams in all; one more is answered 503.</summary>
    /// <value>The default is 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxEventStreams { get; set; } = 10_000;

    /// <summary>Open event streams per client address (IPv6: per /64); one more is answered 429.</summary>
    /// <value>The default is 50.</value>
    [Range(1, 1_000_000)]
    public int MaxEventStreamsPerClient { get; set; } = 50;

    /// <summary>How often an idle event stream sends a heartbeat, so that proxies keep it open and dead clients are noticed.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);
}
