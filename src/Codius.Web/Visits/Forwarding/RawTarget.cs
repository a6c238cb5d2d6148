using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Forwards path and query byte for byte, so that the app sees <c>%2F</c> or <c>%252F</c> as it was sent. Kestrel's path is
/// decoded, and encoding it again cannot tell those apart.
/// </summary>
internal static class RawTarget
{
    // Characters that a request line may contain literally: none that ends it, and no '#', since a request has no fragment.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // The target is not "untrusted" in the sense of the warning: it has only the characters above.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="prefix">Scheme, host, port and a slash.</param>
    /// <param name="visit">The visit whose request it is.</param>
    public static AppTarget UriAt(string prefix, Visit visit)
    {
        var request = visit.Context.Request;
        var target = OriginForm(visit.Context.Features.Get<IHttpRequestFeature>()?.RawTarget);
        return target is ['/', ..] && !target.AsSpan().ContainsAnyExcept(Plain)
            ? new AppTarget(string.Concat(prefix.AsSpan(0, prefix.Length - 1), target), AsItIs, visit)
            : new AppTarget(RequestUtilities.MakeDestinationAddress(prefix, request.Path, request.QueryString).AbsoluteUri, AsItIs, visit);
    }

    // A client may send "http://host/path?query" as it would to a proxy (RFC 9112, 3.2.2); Kestrel has compared it with the Host header.
    private static string? OriginForm(string? target)
    {
        const string EndOfScheme = "://";
        if (target is null or ['/', ..] || target.IndexOf(EndOfScheme, StringComparison.Ordinal) is not (> 0 and var scheme)) return target;
        var path = target.AsSpan(scheme + EndOfScheme.Length).IndexOfAny('/', '?');
        if (path < 0) return "/";
        var rest = target[(scheme + EndOfScheme.Length + path)..];
        return rest[0] == '/' ? rest : "/" + rest;
    }
}
