using Codius.Web.Admin.Alerts;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Alerts that the test sets.</summary>
internal sealed class SetAlerts : IAlerts
{
    public event Action? Changed;

    public IReadOnlyList<Alert> Current { get; private set; } = [];

    public IReadOnlyList<EndedAlert> Past { get; set; } = [];

    public bool IsHeard => Changed is not null;

    public void Set(params Alert[] alerts)
    {
        Current = alerts;
        Changed?.Invoke();
    }
}
