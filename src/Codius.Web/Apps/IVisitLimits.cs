namespace Codius.Web.Apps;

/// <summary>What bounds the visits of an app, for the whole host.</summary>
/// <param name="RequestsPerSecond">Requests a second that one client may make, in the long run.</param>
/// <param name="RequestBurst">Requests that one client may make at once, after a rest.</param>
/// <param name="Waiting">Requests that may wait at a gateway for it to wake.</param>
internal readonly record struct VisitLimits(int RequestsPerSecond, int RequestBurst, int Waiting);

/// <summary>The limits of visits.</summary>
internal interface IVisitLimits
{
    VisitLimits Of(HostedApp app);
}
