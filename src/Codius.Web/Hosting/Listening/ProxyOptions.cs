namespace Codius.Web.Hosting.Listening;

/// <summary>Whose forwarded headers are trusted. Section <c>Proxies</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>Networks in CIDR form; only connections from them may name their client in forwarded headers.</summary>
    /// <value>The default is none.</value>
    public IList<string> Known { get; } = [];

    /// <summary>
    /// True if a known proxy names the host in X-Forwarded-Host, and that selects the app; false: the Host header alone selects it.
    /// </summary>
    /// <value>The default is false: many proxies pass a client's X-Forwarded-Host on.</value>
    public bool SelectByForwardedHost { get; set; }
}
