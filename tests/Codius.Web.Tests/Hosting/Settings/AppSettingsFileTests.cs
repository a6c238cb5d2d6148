using System.Collections;
using System.Globalization;
using System.Reflection;
using Codius.Testing;
using Codius.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace Codius.Web.Tests.Hosting.Settings;

/// <summary>The file at the root of the repository lists all settings, each with its default.</summary>
public sealed class AppSettingsFileTests
{
    private readonly IConfigurationRoot _file = new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(Repository.Root, "appsettings.json")).Build();

    private static IEnumerable<(string Key, PropertyInfo Property, object Options)> Settings =>
        from type in typeof(GatewayOptions).Assembly.GetTypes()
        where type.GetField("Section") is { IsLiteral: true }
        let section = (string)type.GetField("Section")!.GetRawConstantValue()!
        let options = Activator.CreateInstance(type)!
        from property in type.GetProperties()
        select ($"{section}:{property.Name}", property, options);

    [Fact]
    public void Every_setting_stands_in_appsettings_json_with_its_default()
    {
        var wrong =
            from setting in Settings
            let inFile = _file.GetSection(setting.Key)
            let value = setting.Property.GetValue(setting.Options)
            where !inFile.Exists() && !IsWritten(inFile) ? true : IsSimple(value) && inFile.Value != Text(value)
            select $"{setting.Key}: the file says {inFile.Value ?? "nothing"}, the default is {Text(value)}";

        Assert.True(!wrong.Any(), string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Nothing_stands_in_appsettings_json_that_is_no_setting()
    {
        var known = Settings.Select(setting => setting.Key).ToList();

        var strange = _file.AsEnumerable().Select(pair => pair.Key)
            .Where(key => !key.StartsWith("Logging", StringComparison.Ordinal))
            .Where(key => !known.Any(setting => setting == key || setting.StartsWith(key + ":", StringComparison.Ordinal)
                || key.StartsWith(setting + ":", StringComparison.Ordinal)));

        Assert.Empty(strange);
    }

    // A null or an empty list in JSON has no value, but it is a key of its parent.
    private bool IsWritten(IConfigurationSection section) =>
        _file.AsEnumerable().Any(pair => string.Equals(pair.Key, section.Path, StringComparison.OrdinalIgnoreCase));

    private static bool IsSimple(object? value) => value is null or string or ValueType or Uri;

    private static string? Text(object? value) => value switch
    {
        null => null,
        IEnumerable list and not string => string.Join(", ", list.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
