using Codius.Web.Admin.Alerts;
using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>Which of too many messages are given up.</summary>
public sealed class WaitingMessagesTests
{
    private readonly WaitingMessages _messages = new(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_come_in_their_order()
    {
        var (first, second) = (Warning(), Critical());
        var waits = _messages.TakeAsync(Stop).AsTask();

        Assert.Null(_messages.Add(first));
        Assert.Null(_messages.Add(second));

        Assert.Same(first, await waits);
        Assert.Same(second, await _messages.TakeAsync(Stop));
    }

    [Fact]
    public async Task Of_too_many_the_oldest_warning_is_given_up_and_the_critical_ones_stay()
    {
        AlertMessage[] sent = [Critical(), Warning(), Warning(), Critical()];
        Assert.Equal([null, null, null, sent[1]], sent.Select(_messages.Add));

        Assert.Same(sent[2], _messages.Add(Warning()));
        Assert.Same(sent[0], await _messages.TakeAsync(Stop));
        Assert.Same(sent[3], await _messages.TakeAsync(Stop));
    }

    [Fact]
    public void Without_another_warning_a_new_one_is_given_up_and_of_critical_ones_the_oldest()
    {
        var oldest = Critical();
        foreach (var message in new[] { oldest, Critical(), Critical() }) Assert.Null(_messages.Add(message));
        var warning = Warning();

        Assert.Same(warning, _messages.Add(warning));
        Assert.Same(oldest, _messages.Add(Critical()));
    }

    private static AlertMessage Warning() => Of(AlertSeverity.Warning);

    private static AlertMessage Critical() => Of(AlertSeverity.Critical);

    private static AlertMessage Of(AlertSeverity severity) => AlertMessage.Began(
        new Alert("a", "a", severity, "", "It is wrong.", "Do something.", default), "https://codius.test", default);
}
