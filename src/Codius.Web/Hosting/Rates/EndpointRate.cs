namespace Codius.Web.Hosting.Rates;

/// <summary>
/// What limits the rate of an endpoint in place of the default rate, which every endpoint without this metadata has.
/// </summary>
internal sealed class EndpointRate
{
    private EndpointRate(string reason, Func<HttpContext, bool>? isKnown) => (Reason, IsKnown) = (reason, isKnown);

    /// <summary>Why the default rate does not hold, or for which requests.</summary>
    public string Reason { get; }

    /// <summary>True for a request that is not counted; null if none is.</summary>
    public Func<HttpContext, bool>? IsKnown { get; }

    /// <summary>The endpoint counts its requests itself.</summary>
    public static EndpointRate Own(string limiter) => new(limiter, null);

    /// <summary>The endpoint has no rate at all.</summary>
    public static EndpointRate None(string reason) => new(reason, null);

    /// <summary>The default rate holds for all requests but those that show who sent them.</summary>
    public static EndpointRate Unless(string known, Func<HttpContext, bool> isKnown) => new(known, isKnown);
}

/// <summary>Adds the metadata to endpoints.</summary>
internal static class EndpointRateConventions
{
    /// <summary>These endpoints count their requests with a limiter of their own.</summary>
    public static T WithOwnRate<T>(this T endpoints, string limiter) where T : IEndpointConventionBuilder =>
        endpoints.WithMetadata(EndpointRate.Own(limiter));

    /// <summary>These endpoints have no rate, for this reason.</summary>
    public static T WithoutRate<T>(this T endpoints, string reason) where T : IEndpointConventionBuilder =>
        endpoints.WithMetadata(EndpointRate.None(reason));

    /// <summary>The default rate of these endpoints holds for requests whose sender is not known.</summary>
    public static T WithRateUnless<T>(this T endpoints, string known, Func<HttpContext, bool> isKnown)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(EndpointRate.Unless(known, isKnown));
}
