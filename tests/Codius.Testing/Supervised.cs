using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace Codius.Testing;

/// <summary>Supervisors for objects that a test creates itself.</summary>
internal static class Supervised
{
    public static Supervisor By(TimeProvider? time = null) => new(time ?? TimeProvider.System, NullLogger<Supervisor>.Instance);
}
