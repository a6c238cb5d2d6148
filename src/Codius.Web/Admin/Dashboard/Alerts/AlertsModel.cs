using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Dashboard.Overview;

namespace Codius.Web.Admin.Dashboard.Alerts;

/// <summary>The page of alerts.</summary>
/// <param name="Health">What is wrong now.</param>
/// <param name="Past">What was wrong, the newest first.</param>
/// <param name="Webhooks">The hosts that alerts are posted to.</param>
/// <param name="MayTest">The admin may test them.</param>
public sealed record AlertsModel(
    HealthModel Health, IReadOnlyList<AlertsModel.Ended> Past, IReadOnlyList<string> Webhooks, bool MayTest)
{
    /// <summary>What came of a test; null if this is none.</summary>
    public IReadOnlyList<TestResult>? Tested { get; init; }

    /// <summary>An alert that has ended.</summary>
    public sealed record Ended(AlertModel Alert, DateTimeOffset Until)
    {
        internal static Ended Of(EndedAlert ended) => new(AlertModel.Of(ended.Alert), ended.Until);
    }

    /// <summary>What came of a test at one webhook.</summary>
    /// <param name="Host">Its host.</param>
    /// <param name="Failure">Why it did not take the message; null if it did.</param>
    public sealed record TestResult(string Host, string? Failure)
    {
        internal static TestResult Of(AlertTestResult result) => new(result.Host, result.Failure);
    }
}
