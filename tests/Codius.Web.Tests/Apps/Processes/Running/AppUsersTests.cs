using System.Globalization;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Processes;
using Codius.Web.Apps.Processes.Running;
using Codius.Web.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Processes.Running;

/// <summary>Who apps run as, on a machine where the tests are root.</summary>
public sealed class AppUsersTests
{
    private const int First = 700_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_reads_neither_the_gateways_files_nor_its_environment_nor_ends_it()
    {
        var users = new AppUsers(First);
        Assert.SkipUnless(users.AreApart, "Needs root and setpriv.");
        using var folder = new TemporaryFolder();
        using var data = new DataFolder(Options.Create(new GatewayOptions { DataFolder = folder["data"] }));
        data.ReadOrMakeSecret("secret", () => "the gateway's");
        var script = $"id -u; id -G; (cat {data.Path}/secret; ls {data.Path}; cat /proc/{Environment.ProcessId}/environ; "
            + $"kill -0 {Environment.ProcessId}) 2>&1 | grep -ci denied; grep NoNewPrivs /proc/self/status; echo \"$HOME.\"";

        using var starter = new ProcessStarter();
        var id = users.Allocate("a hash")!.Value;
        using var process = await starter.StartAsync(
            new ImageOptions { Command = "/bin/sh", Args = { "-c", script }, WorkingDirectory = "/" }, 1, id);
        var lines = (await process.StandardOutput.ReadToEndAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var own = id.ToString(CultureInfo.InvariantCulture);
        Assert.Equal([own, own], lines[..2]);
        Assert.True(int.Parse(lines[2], CultureInfo.InvariantCulture) >= 3, string.Join('\n', lines));
        Assert.Equal("NoNewPrivs:\t1", lines[3]);
        Assert.Equal(".", lines[4]);
    }

    [Fact]
    public async Task An_app_of_another_user_ends_with_the_gateway_too()
    {
        var users = new AppUsers(First);
        Assert.SkipUnless(users.AreApart, "Needs root and setpriv.");
        var starter = new ProcessStarter();
        using var process = await starter.StartAsync(
            new ImageOptions { Command = "/bin/sh", Args = { "-c", "echo up; exec sleep 1000" }, WorkingDirectory = "/" }, 1, First);
        Assert.Equal("up", await process.StandardOutput.ReadLineAsync(Stop));

        starter.Dispose();

        await process.WaitForExitAsync(Stop);
        Assert.Equal(128 + 9, process.ExitCode);
    }

    [Fact]
    public void Each_version_has_a_user_of_its_own()
    {
        var users = new AppUsers(First);
        Assert.SkipUnless(users.AreApart, "Needs root and setpriv.");

        // "Aa" and "BB" have one sum.
        var (one, other) = (users.Allocate("Aa")!.Value, users.Allocate("BB")!.Value);
        Assert.NotEqual(one, other);
        Assert.Equal(one, users.Allocate("Aa"));
        Assert.All([one, other], id => Assert.InRange(id, First, First + 65_535));

        // Its last process ends: only then another may have the id.
        users.Release("Aa");
        users.Release("BB");
        Assert.Equal(other, users.Allocate("BB"));
        users.Release("Aa");
        users.Release("BB");
        Assert.Equal(one, users.Allocate("BB"));
    }

    [Fact]
    public void Where_they_cannot_be_users_of_their_own_they_are_the_gateways() => Assert.Null(new AppUsers(0).Allocate("a hash"));

    [Theory]
    [InlineData("Production", false, true)]
    [InlineData("Production", true, false)]
    [InlineData("Development", false, false)]
    public void Production_runs_apps_as_the_gateways_user_only_if_told_to(string environment, bool isTold, bool isFault)
    {
        var options = new AppOptions { Processes = { FirstUserId = 0, ShareGatewaysUser = isTold } };
        options.Processes.Images["app"] = new ImageOptions { Command = "app" };

        var result = new ProcessOptionsValidator(new HostingEnvironment { EnvironmentName = environment }).Validate(null, options);

        Assert.Equal(isFault, result.Failed);
        if (isFault) Assert.StartsWith("Apps:Processes:FirstUserId: apps would run as the gateway's own user", result.FailureMessage);
    }
}
