using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Settings;

/// <summary>Validates an options class by the attributes of its properties and reports each fault with its full key.</summary>
internal sealed class AttributeOptionsValidator<T>(string section) : IValidateOptions<T> where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var results = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
            return ValidateOptionsResult.Success;
        return ValidateOptionsResult.Fail(
            results.Select(result => $"{section}:{string.Join(", ", result.MemberNames)}: {result.ErrorMessage}"));
    }
}
