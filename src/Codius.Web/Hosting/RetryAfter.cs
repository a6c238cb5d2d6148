namespace Codius.Web.Hosting;

/// <summary>Writes a wait as the header <c>Retry-After</c> has it.</summary>
internal static class RetryAfter
{
    /// <summary>Whole seconds, rounded up, at least one.</summary>
    public static int SecondsOf(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
