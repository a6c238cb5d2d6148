namespace Codius.Web.Apps.Processes;

/// <summary>
/// How an image is run as a process of this machine. It gets <c>PORT</c> and <c>HOST</c> to listen on, and little else of the
/// gateway's environment.
/// </summary>
internal sealed class ImageOptions
{
    /// <summary>The image as manifests name it; null if it is the entry's own key (a key cannot hold a colon).</summary>
    public string? Image { get; set; }

    /// <summary>The program: a path, or a name to be found on the PATH.</summary>
    public string Command { get; set; } = "";

    /// <summary>Its arguments, one by one; no shell reads them.</summary>
    public IList<string> Args { get; } = [];

    /// <summary>The folder it starts in.</summary>
    /// <value>The default is the gateway's own working directory.</value>
    public string? WorkingDirectory { get; set; }

    /// <summary>Variables it gets besides <c>PORT</c> and <c>HOST</c>.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
