namespace Codius.Web.Hosting;

/// <summary>What the Host header of a request on the visits port names: the host, an app, a reserved label or none of them.</summary>
internal readonly record struct HostMatch(HostMatchKind Kind, string Label)
{
    public static HostMatch None => new(HostMatchKind.None, "");

    public static HostMatch Host => new(HostMatchKind.Host, "");
}

/// <summary>What a Host header can name.</summary>
internal enum HostMatchKind
{
    /// <summary>Another domain, an address literal, or an invalid header.</summary>
    None,

    /// <summary>The host itself.</summary>
    Host,

    /// <summary>A label under the apps' domain that may be an app's name or hash.</summary>
    App,

    /// <summary>A label that no app may have, such as <c>wallet</c>.</summary>
    Reserved,
}
