using System.Buffers;
using System.Collections.Frozen;
using Codius.Web.Apps;

namespace Codius.Web.Visits.Arrival;

/// <summary>
/// Entries in the form of <see cref="DoNotWakeEntries"/>, compiled: a match costs one search through the beginning of the
/// <c>User-Agent</c> for all agents at once, and one look-up of the path.
/// </summary>
internal sealed class DoNotWakeList
{
    /// <summary>Paths that only probes and scanners request.</summary>
    public static readonly string[] Paths = ["/healthz", "/livez", "/readyz", "/ads.txt", "/app-ads.txt", "/.env", "/.git/*"];

    /// <summary>Monitors, probes of load balancers and clusters, and what chats and networks fetch to preview a link.</summary>
    public static readonly string[] Agents =
    [
        "kube-probe", "GoogleHC", "ELB-HealthChecker", "Prometheus", "Blackbox Exporter", "Consul Health Check",
        "UptimeRobot", "Uptime-Kuma", "Better Uptime", "Better Stack", "Pingdom", "StatusCake", "Site24x7", "HetrixTools", "updown.io",
        "NewRelicPinger", "DatadogSynthetics", "CloudWatchSynthetics", "Checkly", "Freshping", "Cloudflare-Healthchecks",
        "Slackbot", "Slack-ImgProxy", "WhatsApp/", "facebookexternalhit", "facebookcatalog", "Twitterbot", "Discordbot", "TelegramBot",
        "LinkedInBot", "SkypeUriPreview", "redditbot", "Mastodon/", "Pleroma", "Bluesky Cardyb", "Iframely", "Embedly", "Mattermost-Bot",
    ];

    // Longer ones are no agent's; a request may have 64 KiB of it.
    private const int AgentLength = 512;

    private readonly string[] _entries;
    private readonly FrozenSet<string> _paths;
    private readonly string[] _beginnings;
    private readonly SearchValues<string> _agents;

    private DoNotWakeList(IEnumerable<string> entries)
    {
        _entries = [.. entries];
        var paths = _entries.Where(DoNotWakeEntries.IsPath).ToLookup(path => path.EndsWith('*'));
        _paths = paths[false].ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _beginnings = [.. paths[true].Select(path => path[..^1])];
        _agents = SearchValues.Create(
            [.. _entries.Where(entry => !DoNotWakeEntries.IsPath(entry))], StringComparison.OrdinalIgnoreCase);
    }

    public static DoNotWakeList Of(IEnumerable<string> entries) => new(entries);

    /// <summary>These entries with others added, or removed, in their order.</summary>
    public DoNotWakeList With(IEnumerable<string> changes) => new(Apply(_entries, changes));

    public static IEnumerable<string> Apply(IEnumerable<string> before, IEnumerable<string> changes)
    {
        var entries = before.ToList();
        foreach (var change in changes)
        {
            if (change == DoNotWakeEntries.RemoveAll) entries.Clear();
            else if (change.StartsWith('-')) entries.RemoveAll(entry => entry.Equals(change[1..], StringComparison.OrdinalIgnoreCase));
            else entries.Add(change);
        }
        return entries;
    }

    public bool Matches(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString().AsSpan();
        return agent[..Math.Min(agent.Length, AgentLength)].ContainsAny(_agents) || MatchesPath(request.Path.Value ?? "");
    }

    private bool MatchesPath(string path) =>
        _paths.Contains(path)
            || Array.Exists(_beginnings, beginning => path.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
}
