namespace Codius.Web.Pages.Rendering;

/// <summary>The data of the layout around every page.</summary>
/// <param name="Nonce">Allows this response's own scripts and styles in its content security policy.</param>
/// <param name="HostName">The host's display name.</param>
/// <param name="HostUrl">The URL of the host's own page.</param>
public sealed record PageFrame(string Nonce, string HostName, string HostUrl);
