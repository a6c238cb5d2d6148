namespace Codius.Web.Hosting.Listening;

/// <summary>
/// What a connection of a client knows: its port, set by Kestrel so that no header can change it, and what Host named last.
/// </summary>
internal sealed class ClientConnection(Listener listener)
{
    // Replaced as a whole: over HTTP/2 the requests of one connection come at the same time.
    private volatile Named? _last;

    public Listener Listener => listener;

    /// <summary>What the Host header names: the requests of one connection mostly have the same one.</summary>
    public HostMatchFeature Match(HostNames names, string? hostHeader)
    {
        if (_last is { } last && last.HostHeader == hostHeader) return last.Match;
        var match = new HostMatchFeature(names.Read(hostHeader));
        if (hostHeader is not null && match.Match.Kind != HostMatchKind.None) _last = new Named(hostHeader, match);
        return match;
    }

    private sealed record Named(string HostHeader, HostMatchFeature Match);
}
