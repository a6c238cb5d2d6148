using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Admin.Alerts;

/// <summary>Where alerts are sent. Section <c>Alerts</c>.</summary>
internal sealed class AlertOptions
{
    public const string Section = "Alerts";

    /// <summary>Where alerts are posted to, each when it begins and when it ends.</summary>
    [MaxLength(10)]
    public IList<AlertWebhook> Webhooks { get; } = [];

    /// <summary>
    /// Apps whose developers are sent alerts, of those that have the annotation codius.org/alert-webhook; 0 for none. At most 20 of one
    /// owner; of more, those that have a place keep it, also when the gateways start anew.
    /// </summary>
    /// <value>The default is 1,000.</value>
    [Range(0, 10_000)]
    public int MostAppsOfDevelopers { get; set; } = 1_000;
}

/// <summary>One address that alerts are posted to.</summary>
internal sealed class AlertWebhook
{
    /// <summary>An https URL of a public name.</summary>
    public Uri? Url { get; set; }

    /// <summary>What the messages are signed with, as Standard Webhooks has it: whsec_ and 24 to 64 bytes in base64.</summary>
    public string? Secret { get; set; }
}
