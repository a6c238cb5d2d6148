namespace Codius.Web.Hosting;

/// <summary>Whom a request on the visits port is for, read from its Host header alone.</summary>
internal readonly record struct Addressee(AddresseeKind Kind, string Label)
{
    public static Addressee Nobody => new(AddresseeKind.Nobody, "");

    public static Addressee Host => new(AddresseeKind.Host, "");
}

/// <summary>All a Host header can name.</summary>
internal enum AddresseeKind
{
    /// <summary>Another domain, an address literal, or nothing that can be read.</summary>
    Nobody,

    /// <summary>The host itself.</summary>
    Host,

    /// <summary>A label under the host's domain that may be an app's name or hash.</summary>
    App,

    /// <summary>A label that no app may have, such as <c>wallet</c>.</summary>
    Reserved,
}
