namespace Codius.Web.Hosting.Listening;

/// <summary>Whose forwarded headers are trusted. Section <c>Proxies</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>Networks in CIDR form; only connections from them may name their client in forwarded headers.</summary>
    /// <value>The default is none.</value>
    public IList<string> Known { get; } = [];
}
