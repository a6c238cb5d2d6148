namespace Codius.Web.Hosting.Listening;

/// <summary>Whose forwarded headers are believed. Section <c>Proxies</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>Networks in CIDR form; only a connection from one of them may say who its client was.</summary>
    /// <value>The default is none.</value>
    public IList<string> Known { get; } = [];
}
