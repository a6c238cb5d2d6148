namespace Codius.Testing;

/// <summary>Where the sources are, for tests about the sources themselves.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Source => Path.Combine(Root, "src");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Codius.Web.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("These tests must run from a folder inside the repository.");
    }
}
