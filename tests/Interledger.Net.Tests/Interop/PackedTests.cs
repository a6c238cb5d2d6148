using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Interledger.Net.Tests.Interop;

/// <summary>A console program outside the solution references the package and is paid by <c>@interledger/pay</c>.</summary>
public sealed class PackedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_console_program_with_the_packed_library_is_paid()
    {
        var folder = Directory.CreateTempSubdirectory("interledger-packed-");
        var program = folder.CreateSubdirectory("program").FullName;
        try
        {
            await DotnetAsync(NodePeer.Folder, "pack", Path.GetFullPath("../../src/Interledger.Net", NodePeer.Folder), "-c", "Release",
                "-o", Path.Combine(folder.FullName, "feed"), "--artifacts-path", Path.Combine(folder.FullName, "artifacts"));
            foreach (var file in new[] { "Program.cs", "Paid.csproj" })
                File.Copy(Path.Combine(NodePeer.Folder, "packed", file), Path.Combine(program, file));
            // The feed is the only source: a dependency on any other package would fail here.
            await DotnetAsync(program, "build", "Paid.csproj", "-o", "out",
                $"-p:RestoreSources={Path.Combine(folder.FullName, "feed")}",
                $"-p:RestorePackagesPath={Path.Combine(folder.FullName, "packages")}");

            await PaysAsync(Path.Combine(program, "out", "Paid.dll"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PaysAsync(string program)
    {
        var url = $"http://127.0.0.1:{FreePort()}/ilp/";
        using var paid = Start(Path.GetTempPath(), program, url, "123456");
        using var end = Stop.Register(() => paid.Kill());
        var me = JsonDocument.Parse((await paid.StandardOutput.ReadLineAsync(Stop))!).RootElement;
        await using var node = NodePeer.Start("pay.mjs", new
        {
            url,
            token = "unused",
            asset = new { code = "XYZ", scale = 9 },
            payments = new[] { new
            {
                address = me.GetProperty("address").GetString(), secret = me.GetProperty("secret").GetString(), amount = "123456"
            } },
        });

        var lines = await paid.StandardOutput.ReadToEndAsync(Stop);
        await paid.WaitForExitAsync(Stop);
        Assert.Equal("""{"total":"123456"}""", lines.Trim().Split('\n')[^1]);
        Assert.Equal("123456", (await node.ReadAsync("sent")).GetProperty("sent").GetString());
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, await output);
    }

    private static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        // Build servers would outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
