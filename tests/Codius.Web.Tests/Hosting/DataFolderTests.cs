using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("codius-data-").FullName;

    [Fact]
    public void Two_gateways_never_share_a_folder()
    {
        using var first = Open(_path);

        var fault = Assert.Throws<StartupFaultException>(() => Open(_path));

        Assert.Contains("another gateway is using", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_free_again_when_its_gateway_has_ended()
    {
        Open(_path).Dispose();
        Open(_path).Dispose();
    }

    [Fact]
    public void A_secret_is_made_once_and_only_its_user_can_read_it()
    {
        using var folder = Open(_path);

        var made = folder.ReadOrMakeSecret("s", () => "first");
        var again = folder.ReadOrMakeSecret("s", () => "second");

        Assert.Equal(("first", "first"), (made, again));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_path, "s")));
    }

    [Fact]
    public void It_is_its_users_alone_also_if_it_was_not_before()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_path, OwnersOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var made = Path.Combine(_path, "made");

        using var before = Open(_path);
        using var fresh = Open(made);

        Assert.Equal((OwnersOnly, OwnersOnly), (File.GetUnixFileMode(_path), File.GetUnixFileMode(made)));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_fault_that_names_it()
    {
        File.WriteAllText(Path.Combine(_path, "file"), "");

        var fault = Assert.Throws<StartupFaultException>(() => Open(Path.Combine(_path, "file", "below")));

        Assert.StartsWith("Gateway:DataFolder: cannot make the folder", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private static DataFolder Open(string path) => new(Options.Create(new GatewayOptions { DataFolder = path }));
}
