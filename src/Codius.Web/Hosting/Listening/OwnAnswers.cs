using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Codius.Web.Hosting.Listening;

/// <summary>What holds for the gateway's own endpoints, but not for visits, which are between client and app.</summary>
internal static class OwnAnswers
{
    // Kestrel's default.
    private static readonly MinDataRate Slowest = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    public static IApplicationBuilder UseRulesOfOwnAnswers(this IApplicationBuilder table) => table.Use((context, next) =>
    {
        HeaderBytes.ReadAsUtf8(context.Request.Headers);
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = Slowest;
        return next(context);
    });
}
