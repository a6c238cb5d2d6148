using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interledger.Net.Spsp;

/// <summary>
/// A payment pointer (RFC 26): <c>$host</c> stands for <c>https://host/.well-known/pay</c>, <c>$host/path</c> for <c>https://host/path</c>.
/// No port (unless <see cref="PaymentPointerOptions.AllowPort"/>), user info, query or fragment, no characters beyond ASCII, no <c>.</c> or
/// <c>..</c> segments.
/// </summary>
public sealed class PaymentPointer : IEquatable<PaymentPointer>
{
    /// <summary>The path of a pointer that has none.</summary>
    public const string DefaultPath = "/.well-known/pay";

    /// <summary>The longest valid pointer, in characters.</summary>
    public const int MaxLength = 2048;

    private static readonly SearchValues<char> HostLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static readonly SearchValues<char> PathLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/%");

    private readonly string _scheme;

    private PaymentPointer(string host, int? port, string path, string scheme)
    {
        _scheme = scheme;
        Host = host;
        Port = port;
        Path = path;
    }

    /// <summary>A name, an IPv4 address, or an IPv6 address in brackets; lower case.</summary>
    public string Host { get; }

    /// <summary>The port; null for the default one, which is the only one that RFC 26 knows.</summary>
    public int? Port { get; }

    /// <summary>The path of the URL, as written; <see cref="DefaultPath"/> when the pointer has none.</summary>
    public string Path { get; }

    /// <summary>
    /// The URL to query, as text: <c>https</c>, host and path; <c>http</c> only as
    /// <see cref="PaymentPointerOptions.HttpOnThisMachine"/> allows.
    /// </summary>
    public string Url => $"{_scheme}://{Authority}{Path}";

    private string Authority => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;

    /// <summary>Reads a pointer.</summary>
    /// <param name="text">Such as <c>$example.com/bob</c>.</param>
    /// <param name="paymentPointer">The pointer.</param>
    /// <param name="error"><see cref="WireError.InvalidPaymentPointer"/>.</param>
    /// <returns>False when it is not one.</returns>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out PaymentPointer? paymentPointer, out WireError error) =>
        TryParse(text, PaymentPointerOptions.Standard, out paymentPointer, out error);

    /// <summary>Reads a pointer, or what development has in the place of one.</summary>
    /// <param name="text">Such as <c>$wallet.localhost:8080/bob</c>.</param>
    /// <param name="options">What is allowed beyond RFC 26.</param>
    /// <param name="paymentPointer">The pointer.</param>
    /// <param name="error"><see cref="WireError.InvalidPaymentPointer"/>.</param>
    /// <returns>False when it is not one.</returns>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, PaymentPointerOptions options, [NotNullWhen(true)] out PaymentPointer? paymentPointer,
        out WireError error)
    {
        ArgumentNullException.ThrowIfNull(options);
        paymentPointer = null;
        error = WireError.InvalidPaymentPointer;
        if (text is not { Length: > 1 and <= MaxLength } || text[0] != '$')
            return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text.AsSpan(1) : text.AsSpan(1, slash - 1);
        var path = slash < 0 ? "" : text[slash..];
        int? port = null;
        if (options.AllowPort && !TrySplitPort(ref host, out port))
            return false;
        if (ReadHost(host) is not { } read || !IsPath(path))
            return false;
        var scheme = options.HttpOnThisMachine && IsThisMachine(read) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        if (port == (scheme == Uri.UriSchemeHttp ? 80 : 443))
            port = null;
        paymentPointer = new PaymentPointer(read, port, path is "" or "/" ? DefaultPath : path, scheme);
        error = WireError.None;
        return true;
    }

    /// <summary>The URL to query.</summary>
    /// <returns>The absolute URL <see cref="Url"/>, whose path is exactly <see cref="Path"/>.</returns>
    public Uri ToUri()
    {
        // Without this .NET would decode %7E and the like, and query another URL than the one given.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return Uri.TryCreate(Url, options, out var uri) ? uri : throw new InvalidOperationException("A pointer that was read is a URL.");
    }

    /// <summary>Whether two pointers name the same URL.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True for the same URL.</returns>
    public bool Equals(PaymentPointer? other) => other is not null && Url == other.Url;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PaymentPointer);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Host, Port, Path);

    /// <summary>The pointer in its shortest form.</summary>
    /// <returns>Such as <c>$example.com/bob</c>.</returns>
    public override string ToString() => Path == DefaultPath ? "$" + Authority : "$" + Authority + Path;

    /// <summary>Cuts the port off; false if there is something that is not one.</summary>
    private static bool TrySplitPort(ref ReadOnlySpan<char> host, out int? port)
    {
        port = null;
        // The colons of an IPv6 address are in its brackets.
        var name = host.LastIndexOf(']') + 1;
        var colon = host[name..].IndexOf(':');
        if (colon < 0)
            return true;
        var digits = host[(name + colon + 1)..];
        if (digits.Length == 0 || digits[0] == '0'
            || !ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var read))
            return false;
        host = host[..(name + colon)];
        port = read;
        return true;
    }

    private static bool IsThisMachine(string host) =>
        host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>A host as a URL has it; null if it is not one, or a URL parser could read it as another host.</summary>
    private static string? ReadHost(ReadOnlySpan<char> host)
    {
        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
            return !host.Contains('%') && IPAddress.TryParse(host[1..^1], out var address)
                && address.AddressFamily == AddressFamily.InterNetworkV6
                ? new UriBuilder(Uri.UriSchemeHttps, address.ToString()).Uri.Host
                : null;
        if (host.Length is 0 or > 253)
            return null;
        ReadOnlySpan<char> last = default;
        foreach (var label in host.Split('.'))
        {
            last = host[label];
            if (last.Length is 0 or > 63 || last.ContainsAnyExcept(HostLetters) || last[0] == '-' || last[^1] == '-')
                return null;
        }

        // A host that ends in a number is an IPv4 address, also as 0, 127.1 or 0x7f000001: only the dotted form is accepted.
        var isNumber = char.IsAsciiDigit(last[0])
            && (!last.ContainsAnyExceptInRange('0', '9') || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase));
        return isNumber && !(IPAddress.TryParse(host, out var numeric) && host.SequenceEqual(numeric.ToString()))
            ? null
            : host.ToString().ToLowerInvariant();
    }

    private static bool IsPath(ReadOnlySpan<char> path)
    {
        if (path.ContainsAnyExcept(PathLetters))
            return false;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2])))
                return false;
        }

        foreach (var segment in path.Split('/'))
        {
            if (path[segment].ToString().Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..")
                return false;
        }

        return true;
    }
}
