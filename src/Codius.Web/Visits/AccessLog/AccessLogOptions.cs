using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Visits.AccessLog;

/// <summary>A line of JSON for each visit. Section <c>AccessLog</c>.</summary>
internal sealed class AccessLogOptions
{
    public const string Section = "AccessLog";

    /// <summary>The part of visits that are written, chosen by chance: 0 for none, 1 for all.</summary>
    [Range(0.0, 1.0)]
    public double Ratio { get; set; }

    /// <summary>The file the lines are appended to; null for the standard output.</summary>
    public string? File { get; set; }

    /// <summary>Bytes after which the file is renamed to the same name with .1, an older one to .2 and so on.</summary>
    [Range(100_000L, 10_000_000_000L)]
    public long MaxFileSize { get; set; } = 100_000_000;

    /// <summary>Renamed files that are kept.</summary>
    [Range(0, 100)]
    public int KeptFiles { get; set; } = 5;

    /// <summary>True to write the path, without its query; paths may be secrets of an app's users.</summary>
    public bool Paths { get; set; }

    /// <summary>True to write the client's network (IPv4 /24, IPv6 /48).</summary>
    public bool Clients { get; set; }
}
