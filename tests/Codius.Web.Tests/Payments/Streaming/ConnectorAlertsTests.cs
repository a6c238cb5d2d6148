using Codius.Testing;
using Codius.Testing.Pages;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Payments;
using Codius.Web.Payments.Streaming;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Payments.Streaming;

/// <summary>When what a connector owes is an alert: before its packets are rejected.</summary>
public sealed class ConnectorAlertsTests : IDisposable
{
    private static readonly Asset Xrp = new("XRP", 9);

    private readonly ConnectorDebts _debts;
    private readonly ConnectorAlerts _alerts;

    public ConnectorAlertsTests()
    {
        // 1000 units.
        var options = new PaymentsOptions { MaxUnsettled = "0.000001", Connectors = { ["one"] = "a-token", ["two"] = "another" } };
        var time = new FakeTimeProvider();
        _debts = new ConnectorDebts(
            new StagedBalances(), Xrp, Options.Create(options), Supervised.By(time), time, NullLogger<ConnectorDebts>.Instance);
        _alerts = new ConnectorAlerts(_debts, Xrp);
    }

    [Fact]
    public void From_80_percent_of_the_bound_it_is_a_warning_and_from_95_it_is_critical()
    {
        Assert.Null(Owe(799));
        Assert.Equal(AlertSeverity.Warning, Owe(1));
        Assert.Equal(AlertSeverity.Warning, Owe(149));
        Assert.Equal(AlertSeverity.Critical, Owe(1));
        Assert.Equal(AlertSeverity.Critical, Owe(50));

        AlertSeverity? Owe(ulong more)
        {
            Fulfill("one", more);
            return _alerts.Check().SingleOrDefault()?.Severity;
        }
    }

    [Fact]
    public void It_names_the_connector_and_what_it_owes()
    {
        Fulfill("one", 700);
        Fulfill("two", 800);

        var condition = Assert.Single(_alerts.Check());

        Assert.Equal(("connector-owes-much", "two"), (condition.Rule.Id, condition.Subject));
        Assert.Equal("Connector two owes 0.0000008 XRP, 80 percent of the most before its packets are rejected.", condition.Summary);
    }

    [Fact]
    public void Each_connector_has_its_own()
    {
        Fulfill("one", 1_000);
        Fulfill("two", 1_000);

        Assert.Equal(["one", "two"], _alerts.Check().Select(condition => condition.Subject));
    }

    [Fact]
    public void Packets_that_were_not_fulfilled_are_none_once_they_have_ended()
    {
        Assert.True(_debts.TryBegin("one", 1_000));
        _debts.End("one", 1_000, fulfilled: false);

        Assert.Empty(_alerts.Check());
    }

    public void Dispose() => _debts.Dispose();

    private void Fulfill(string connector, ulong amount)
    {
        Assert.True(_debts.TryBegin(connector, amount));
        _debts.End(connector, amount, fulfilled: true);
    }
}
