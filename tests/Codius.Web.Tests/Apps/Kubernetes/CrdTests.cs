using System.Reflection;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps.Manifests;
using k8s;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>The custom resource's schema matches the gateway's own reader: no field more, no field less, one default.</summary>
public sealed class CrdTests
{
    private static readonly V1CustomResourceDefinition Crd =
        KubernetesYaml.Deserialize<V1CustomResourceDefinition>(File.ReadAllText(Path.Combine(Repository.Root, "deploy/base/crd.yaml")),
            strict: true);

    private static readonly V1CustomResourceDefinitionVersion Version = Crd.Spec.Versions.Single();

    private static V1JSONSchemaProps Schema => Version.Schema.OpenAPIV3Schema;

    [Fact]
    public void It_is_the_custom_resource_of_2020()
    {
        Assert.Equal("services.core.codius.org", Crd.Metadata.Name);
        Assert.Equal(("core.codius.org", "Cluster", "Service", "v1alpha1"),
            (Crd.Spec.Group, Crd.Spec.Scope, Crd.Spec.Names.Kind, Version.Name));
        Assert.Equal(["capp"], Crd.Spec.Names.ShortNames);
        Assert.Equal(["codius"], Crd.Spec.Names.Categories);
        Assert.NotNull(Version.Subresources.Status);
        Assert.NotEmpty(Version.AdditionalPrinterColumns);
    }

    [Fact]
    public void Its_fields_are_those_of_a_manifest() =>
        Assert.Equal(FieldsOf(typeof(AppSpec), "spec").Order(StringComparer.Ordinal), FieldsOf(Schema.Properties["spec"], "spec")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Only_the_port_has_a_default_since_any_other_would_change_the_hash() =>
        Assert.Equal(["spec.port"], All(Schema, "").Where(node => node.Schema.DefaultProperty is not null).Select(node => node.Path));

    [Fact]
    public void It_is_structural_and_explains_every_field()
    {
        foreach (var (path, schema) in All(Schema, ""))
        {
            Assert.True(schema.Type is not null || schema.XKubernetesIntOrString == true, $"{path} has no type");
            Assert.True(path is "" or "metadata" or "secretData[]" || path.EndsWith("[]", StringComparison.Ordinal)
                || !string.IsNullOrEmpty(schema.Description), $"{path} has no description");
        }
    }

    private static IEnumerable<(string Path, V1JSONSchemaProps Schema)> All(V1JSONSchemaProps schema, string path)
    {
        yield return (path, schema);
        foreach (var (name, inner) in schema.Properties ?? new Dictionary<string, V1JSONSchemaProps>())
        {
            foreach (var node in All(inner, path.Length == 0 ? name : $"{path}.{name}")) yield return node;
        }
        foreach (var item in (object?[])[schema.Items, schema.AdditionalProperties])
        {
            if (SchemaOf(item) is not { } inner) continue;
            foreach (var node in All(inner, path + "[]")) yield return node;
        }
    }

    private static V1JSONSchemaProps? SchemaOf(object? item) => item switch
    {
        null => null,
        V1JSONSchemaProps schema => schema,
        _ => KubernetesJson.Deserialize<V1JSONSchemaProps>(JsonSerializer.Serialize(item)),
    };

    private static IEnumerable<string> FieldsOf(V1JSONSchemaProps schema, string path) => All(schema, path).Select(node => node.Path);

    private static IEnumerable<string> FieldsOf(Type type, string path)
    {
        yield return path;
        if (type.IsGenericType && type.GetGenericArguments() is [var item])
        {
            foreach (var field in FieldsOf(item, path + "[]")) yield return field;
            yield break;
        }
        if (type.Namespace != typeof(AppSpec).Namespace || type == typeof(PortReference)) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            foreach (var field in FieldsOf(property.PropertyType, $"{path}.{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}"))
                yield return field;
        }
    }
}
