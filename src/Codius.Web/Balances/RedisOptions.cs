using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Balances;

/// <summary>Where the balances are kept. Section <c>Redis</c>.</summary>
internal sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>A Redis of the host's own, in the form of StackExchange.Redis (<c>redis:6379,password=...</c>).</summary>
    /// <value>The default is none: Redis runs inside the gateway and keeps its files in the data folder.</value>
    public string? ConnectionString { get; set; }

    /// <summary>How many replicas must have a credit before it is acknowledged (<c>WAIT</c>); 0 for none.</summary>
    /// <value>The default is 0.</value>
    [Range(0, 16)]
    public int CreditReplicas { get; set; }

    /// <summary>
    /// How long one call may take; after that its outcome is unknown and the answer is "unavailable", never "out of funds".
    /// </summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the gateway tries to reach Redis when it starts.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
