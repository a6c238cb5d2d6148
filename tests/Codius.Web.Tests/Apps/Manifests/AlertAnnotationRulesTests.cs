using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Tests.Apps.Manifests;

/// <summary>What a developer may write into the annotations about alerts.</summary>
public sealed class AlertAnnotationRulesTests
{
    private const string Url = "https://alerts.example/hooks/hello?key=1";

    [Fact]
    public void A_webhook_with_both_thresholds_is_read()
    {
        var annotations = new Dictionary<string, string>
        {
            [AppAnnotations.AlertWebhook] = Url,
            [AppAnnotations.AlertBalanceBelow] = "9223372036854775807",
            [AppAnnotations.AlertHoursLeft] = "8760",
        };

        Assert.Empty(AlertAnnotationRules.Check("annotations", annotations));
        Assert.Equal(new AppAlertSettings(new Uri(Url), 9223372036854775807, 8760), AppAlertSettings.Of(annotations));
    }

    [Theory]
    [InlineData("http://alerts.example/")]
    [InlineData("https://alerts.example:8443/")]
    [InlineData("https://user:secret@alerts.example/")]
    [InlineData("https://alerts.example/#part")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://localhost/")]
    [InlineData("https://app.localhost/")]
    [InlineData("https://kubernetes.default.svc/")]
    [InlineData("https://redis.codius.svc.cluster.local/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://metadata.google.internal./")]
    [InlineData("https://kubernetes/")]
    [InlineData("https://alerts.example/a b")]
    [InlineData("https://alerts.example/\r\nHost: inside")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/hooks")]
    [InlineData("")]
    public void A_webhook_that_is_not_https_or_leads_inside_is_refused(string url)
    {
        var annotations = new Dictionary<string, string> { [AppAnnotations.AlertWebhook] = url };

        var fault = Assert.Single(AlertAnnotationRules.Check("annotations", annotations));
        Assert.Equal($"annotations.{AppAnnotations.AlertWebhook}", fault.Path);
        Assert.Null(AppAlertSettings.Of(annotations));
    }

    [Fact]
    public void A_webhook_has_a_length()
    {
        const string start = "https://alerts.example/";

        Assert.Null(AlertAnnotationRules.FaultOf(AppAnnotations.AlertWebhook, start + new string('a', 500 - start.Length)));
        Assert.NotNull(AlertAnnotationRules.FaultOf(AppAnnotations.AlertWebhook, start + new string('a', 501 - start.Length)));
    }

    [Theory]
    [InlineData(AppAnnotations.AlertBalanceBelow, "0")]
    [InlineData(AppAnnotations.AlertBalanceBelow, "-1")]
    [InlineData(AppAnnotations.AlertBalanceBelow, "0.5")]
    [InlineData(AppAnnotations.AlertBalanceBelow, "9223372036854775808")]
    [InlineData(AppAnnotations.AlertHoursLeft, "0")]
    [InlineData(AppAnnotations.AlertHoursLeft, "8761")]
    [InlineData(AppAnnotations.AlertHoursLeft, " 5")]
    [InlineData(AppAnnotations.AlertHoursLeft, "many")]
    public void A_threshold_is_a_whole_number_within_bounds(string name, string value)
    {
        var annotations = new Dictionary<string, string> { [AppAnnotations.AlertWebhook] = Url, [name] = value };

        Assert.Equal($"annotations.{name}", Assert.Single(AlertAnnotationRules.Check("annotations", annotations)).Path);
        Assert.Equal(new AppAlertSettings(new Uri(Url)), AppAlertSettings.Of(annotations));
    }

    [Fact]
    public void A_threshold_needs_a_webhook()
    {
        var annotations = new Dictionary<string, string> { [AppAnnotations.AlertHoursLeft] = "12" };

        var fault = Assert.Single(AlertAnnotationRules.Check("annotations", annotations));
        Assert.Contains(AppAnnotations.AlertWebhook, fault.Message, StringComparison.Ordinal);
        Assert.Null(AppAlertSettings.Of(annotations));
    }
}
