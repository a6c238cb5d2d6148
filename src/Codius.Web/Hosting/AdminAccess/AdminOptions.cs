using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>Who may see and change the host. Section <c>Admin</c>.</summary>
internal sealed class AdminOptions
{
    public const string Section = "Admin";

    /// <summary>
    /// The admin token, at least 16 characters; 32 random hexadecimal digits or more cannot be guessed. Development makes one under the
    /// data folder; Production refuses to start without.
    /// </summary>
    [MinLength(16)]
    public string? Token { get; set; }
}
