namespace Interledger.Net.Tests.Vectors;

public sealed class VectorFilesTests
{
    [Fact]
    public void All_643_cases_are_there_and_every_section_has_a_test()
    {
        var own = VectorFiles.All.Where(vector => vector.File == VectorFiles.Own).ToArray();
        Assert.Equal(643, own.Length);

        var tested = typeof(VectorFilesTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes(inherit: false))
            .OfType<MemberDataAttribute>()
            .Where(data => data.MemberType == typeof(VectorFiles))
            .Select(data => (string)data.Arguments[0]!)
            .ToHashSet();
        Assert.Empty(own.Select(vector => vector.Section).Where(section => !tested.Contains(section)).Distinct());
    }

    [Fact]
    public void Every_case_named_as_strict_is_a_case()
    {
        var names = VectorFiles.All.Where(vector => vector.File == VectorFiles.Own)
            .Select(vector => $"{vector.Section}/{vector.Name}").ToHashSet();
        Assert.Empty(Strictness.All.Except(names));
    }
}
