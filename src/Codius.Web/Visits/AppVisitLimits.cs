using Codius.Web.Apps;
using Codius.Web.Visits.Arrival;
using Codius.Web.Visits.ColdStart;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits;

/// <summary>The limits of visits as the steps enforce them.</summary>
internal sealed class AppVisitLimits(ClientRateLimiter rates, IOptions<ColdStartOptions> coldStarts) : IVisitLimits
{
    public VisitLimits Of(HostedApp app)
    {
        var rate = rates.RateOf(app);
        return new VisitLimits(rate.PerSecond, rate.Burst, coldStarts.Value.MaxWaitingPerApp);
    }
}
