namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Removes the headers of an app's answer that command a proxy in front of the gateway, such as <c>X-Accel-Redirect</c>: that proxy serves
/// its own files and other hosts for it. <c>X-Accel-Buffering</c> stays: it only makes the proxy pass this answer on as it comes, which
/// apps need for streams.
/// </summary>
internal static class ProxyCommands
{
    private static readonly string[] Beginnings = ["X-Accel-", "X-Sendfile", "X-LiteSpeed-", "X-Lighttpd-", "X-Reproxy-"];

    public static void Remove(HttpResponseMessage answer)
    {
        List<string>? commands = null;
        foreach (var header in answer.Headers.NonValidated)
            if (IsCommand(header.Key)) (commands ??= []).Add(header.Key);
        if (commands is null) return;
        foreach (var name in commands) answer.Headers.Remove(name);
    }

    private static bool IsCommand(string name) =>
        name.StartsWith("X-", StringComparison.OrdinalIgnoreCase)
        && Array.Exists(Beginnings, beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
        && !name.Equals("X-Accel-Buffering", StringComparison.OrdinalIgnoreCase);
}
