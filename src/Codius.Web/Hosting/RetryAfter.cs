namespace Codius.Web.Hosting;

/// <summary>Converts a wait to the value of the header <c>Retry-After</c>.</summary>
internal static class RetryAfter
{
    /// <summary>Whole seconds, rounded up, at least one.</summary>
    public static int SecondsOf(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
