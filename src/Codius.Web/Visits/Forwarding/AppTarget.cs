namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// The URI of a forwarded request. It carries the visit, as it is the object of ours that the HTTP client hands back while it writes a
/// request: made for each request anyway, it costs no allocation more.
/// </summary>
internal sealed class AppTarget(string uri, UriCreationOptions options, Visit visit) : Uri(uri, options)
{
    public Visit Visit { get; } = visit;
}
