namespace Codius.Web.Hosting;

/// <summary>Passes the match from the endpoint tables to the endpoints.</summary>
internal sealed record HostMatchFeature(HostMatch Match)
{
    /// <summary>The label that the request's Host header names; null where no table matched it, as on the management port.</summary>
    public static string? LabelOf(HttpContext context) => context.Features.Get<HostMatchFeature>()?.Match.Label;
}
