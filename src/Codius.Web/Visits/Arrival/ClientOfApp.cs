using Codius.Web.Hosting;

namespace Codius.Web.Visits.Arrival;

/// <summary>One client of one app: what the speed limit counts by.</summary>
internal readonly record struct ClientOfApp(ClientNetwork Client, string App);
