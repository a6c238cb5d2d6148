namespace Codius.Web.Pages.Rendering;

/// <summary>What every page needs around its content.</summary>
/// <param name="Nonce">Lets this answer's own scripts and styles through its content security policy.</param>
/// <param name="HostName">The host's name as people read it.</param>
/// <param name="HostUrl">The host's own page.</param>
public sealed record PageFrame(string Nonce, string HostName, string HostUrl);
