using Codius.Web.Hosting.Certificates;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>The current certificate of the webhooks' port: from its Secret, or from files of the host's owner.</summary>
internal sealed class WebhookCertificates : ServerCertificate;
