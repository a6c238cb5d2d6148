using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>Requires an admin token in the settings of Production.</summary>
internal sealed class AdminOptionsValidator(IHostEnvironment environment) : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options) =>
        options.Token is null && environment.IsProduction()
            ? ValidateOptionsResult.Fail(
                "Admin:Token: is missing. Make one with `openssl rand -hex 32` and set it (environment: Admin__Token).")
            : ValidateOptionsResult.Success;
}
