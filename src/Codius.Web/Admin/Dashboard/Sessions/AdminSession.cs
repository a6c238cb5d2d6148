namespace Codius.Web.Admin.Dashboard.Sessions;

/// <summary>What the cookie of a browser that signed in says; whether its token still holds is looked up for each request.</summary>
/// <param name="TokenHash">SHA-256 of the admin token it was signed in with, in base64.</param>
/// <param name="Id">Random; what forms of this session carry derives from it.</param>
/// <param name="Ends">When it ends, in seconds since 1970.</param>
internal sealed record AdminSession(string TokenHash, string Id, long Ends);
