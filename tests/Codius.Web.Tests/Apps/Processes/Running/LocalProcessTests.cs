using System.Diagnostics;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Processes;
using Codius.Web.Apps.Processes.Running;
using Microsoft.Extensions.Hosting.Internal;

namespace Codius.Web.Tests.Apps.Processes.Running;

/// <summary>What is specific to apps that run as processes of this machine.</summary>
public sealed class LocalProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_that_is_not_listed_is_a_clear_error_and_starts_nothing()
    {
        await using var bench = new RunnerBench();

        var failed = Assert.IsType<AppState.Failed>(bench.Runner.Wake(new HostedApp("evil", "evil", "/bin/sh")));

        Assert.Equal("The image '/bin/sh' is not one this host runs. Its operator can list it under Apps:Processes:Images.", failed.Reason);
        Assert.Equal(FailureCause.Image, failed.Cause);
        Assert.Empty(bench.Pids);
    }

    [Fact]
    public async Task A_program_that_is_missing_is_told_as_a_failed_start()
    {
        await using var bench = new RunnerBench(options => options.Images["missing"] = new ImageOptions { Command = "/no/such/program" });
        var app = new HostedApp("missing", "missing", "missing");
        bench.Runner.Wake(app);

        var failed = Assert.IsType<AppState.Failed>(await bench.Runner.WhenReadyOrFailedAsync(app, Cancellation));

        Assert.Contains("/no/such/program", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureCause.Host, failed.Cause);
    }

    [Fact]
    public async Task What_a_process_wrote_last_can_be_read_while_it_runs_and_not_once_it_is_asleep()
    {
        await using var bench = new RunnerBench(options => options.Images["deaf"] =
            new ImageOptions { Command = "/bin/sh", Args = { "-c", "echo one; echo two >&2; exec sleep 1000" } });
        var app = new HostedApp("deaf", "deaf", "deaf");
        Assert.Null(await bench.Runner.ReadOutputAsync(app, Cancellation));

        bench.Runner.Wake(app);

        await Eventually.TrueAsync("both lines are there", async () =>
            await bench.Runner.ReadOutputAsync(app, Cancellation) is "one\ntwo" or "two\none" ? true : (bool?)null);
        await bench.Runner.SleepAsync(app, TimeSpan.Zero, Cancellation);
        Assert.Null(await bench.Runner.ReadOutputAsync(app, Cancellation));
    }

    [Fact]
    public async Task An_app_that_does_not_listen_in_time_is_ended_and_has_failed()
    {
        await using var bench = new RunnerBench(options =>
        {
            options.StartTimeout = TimeSpan.FromMilliseconds(300);
            options.Images["deaf"] = new ImageOptions { Command = "/bin/sh", Args = { "-c", "echo thinking; exec sleep 1000" } };
        });
        var app = new HostedApp("deaf", "deaf", "deaf");
        bench.Runner.Wake(app);

        var failed = Assert.IsType<AppState.Failed>(await bench.Runner.WhenReadyOrFailedAsync(app, Cancellation));

        Assert.Matches("did not start within 0 seconds. It runs, but does not accept connections on port [0-9]+, .*PORT", failed.Reason);
        Assert.Equal((FailureCause.App, "thinking"), (failed.Cause, failed.Output));
        Assert.Empty(bench.Pids);
    }

    [Fact]
    public async Task An_app_that_listens_elsewhere_is_told_both_ports_while_it_starts()
    {
        await using var bench = new RunnerBench(options =>
        {
            var hello = options.Images["hello"];
            options.Images["elsewhere"] = new ImageOptions
            {
                Command = "/bin/sh",
                Args = { "-c", "echo $PORT; PORT=0; exec \"$@\"", "sh", hello.Command },
                Environment = { ["STARTS"] = "/dev/null" },
            };
            foreach (var arg in hello.Args) options.Images["elsewhere"].Args.Add(arg);
        });
        var app = new HostedApp("elsewhere", "elsewhere", "elsewhere");
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Runner.StateChanged += _ =>
        {
            if (bench.Runner.StateOf(app) is AppState.WakingState { Detail: { } detail }) told.TrySetResult(detail);
        };

        bench.Runner.Wake(app);

        Assert.Matches(@"does not accept connections on port [0-9]+, which the variable PORT names, at 127\.0\.0\.1\. "
            + @"It listens on port [0-9]+\.$", await told.Task.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task An_app_that_ignores_the_polite_signal_is_ended_after_the_grace_with_all_it_started()
    {
        using var folder = new TemporaryFolder();
        var note = folder["child"];
        await using var bench = new RunnerBench(options => options.Images["stubborn"] = new ImageOptions
        {
            Command = "/bin/sh",
            Args = { "-c", "trap '' TERM; sleep 1000 & echo $! > \"$NOTE.new\"; mv \"$NOTE.new\" \"$NOTE\"; wait; sleep 1000" },
            Environment = { ["NOTE"] = note },
        });
        var app = new HostedApp("stubborn", "stubborn", "stubborn");
        using var watcher = new FileSystemWatcher(folder.Path, "child");
        var written = new TaskCompletionSource();
        watcher.Renamed += (_, _) => written.TrySetResult();
        watcher.EnableRaisingEvents = true;
        bench.Runner.Wake(app);
        await written.Task.WaitAsync(Cancellation);
        var child = ProcessIdentity.Of(int.Parse(await File.ReadAllTextAsync(note, Cancellation), null));
        Assert.NotNull(child);

        await bench.Runner.SleepAsync(app, TimeSpan.FromMilliseconds(50), Cancellation);

        Assert.Empty(bench.Pids);
        // Killed with its group, and gone as soon as the system has cleared it away.
        while (child.Value.IsAlive && !IsZombie(child.Value.Pid)) Cancellation.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task An_app_sees_nothing_of_the_gateways_environment_but_what_it_needs()
    {
        Environment.SetEnvironmentVariable("CODIUS_TEST_NOSY", "do not tell");
        await using var bench = new RunnerBench(options => options.Images["nosy"] =
            new ImageOptions { Command = "/bin/sh", Args = { "-c", "env | sort; exit 1" }, Environment = { ["GREETING"] = "hello" } });
        var app = new HostedApp("nosy", "nosy", "nosy");
        bench.Runner.Wake(app);

        var failed = Assert.IsType<AppState.Failed>(await bench.Runner.WhenReadyOrFailedAsync(app, Cancellation));

        Assert.NotNull(failed.Output);
        Assert.DoesNotContain("do not tell", failed.Output, StringComparison.Ordinal);
        Assert.Contains("GREETING=hello", failed.Output, StringComparison.Ordinal);
        Assert.Contains("HOST=127.0.0.1", failed.Output, StringComparison.Ordinal);
        Assert.Matches("PORT=[0-9]+", failed.Output);
    }

    [Fact]
    public async Task Only_the_last_lines_are_kept_however_much_an_app_writes()
    {
        await using var bench = new RunnerBench(options => options.Images["chatty"] =
            new ImageOptions
            {
                Command = "/bin/sh",
                Args = { "-c", "seq 5000; head -c 2000000 /dev/zero | tr '\\0' x; echo; echo the end; exit 1" }
            });
        var app = new HostedApp("chatty", "chatty", "chatty");
        bench.Runner.Wake(app);

        var failed = Assert.IsType<AppState.Failed>(await bench.Runner.WhenReadyOrFailedAsync(app, Cancellation));

        Assert.EndsWith("the end", failed.Output, StringComparison.Ordinal);
        Assert.InRange(failed.Output!.Length, 100, 20 * 400 + 200);
    }

    [Fact]
    public async Task What_a_killed_gateway_left_behind_is_ended_by_the_next_start()
    {
        await using var bench = new RunnerBench();
        using var orphan = Process.Start("sleep", "1000");
        bench.PidFiles.Write(orphan.Id);

        Assert.Equal([orphan.Id], bench.PidFiles.EndOrphans());

        await orphan.WaitForExitAsync(Cancellation);
        Assert.Empty(bench.Pids);
    }

    [Fact]
    public async Task One_that_ended_before_it_was_noted_leaves_no_note_and_is_erased_like_the_others()
    {
        await using var bench = new RunnerBench();
        using var ended = Process.Start("true");
        await ended.WaitForExitAsync(Cancellation);

        bench.PidFiles.Write(ended.Id);
        bench.PidFiles.Delete(ended.Id);

        Assert.Empty(bench.Pids);
    }

    [Fact]
    public async Task A_process_that_merely_has_the_id_of_an_orphan_is_left_alone()
    {
        await using var bench = new RunnerBench();
        using var stranger = Process.Start("sleep", "1000");
        bench.PidFiles.Write(stranger.Id);
        var note = Assert.Single(Directory.GetFiles(Path.Combine(bench.Folder, "processes")));
        await File.WriteAllLinesAsync(note, [$"{stranger.Id}", "another boot:12345"], Cancellation);
        await File.WriteAllTextAsync(note + ".half", "12", Cancellation);

        Assert.Empty(bench.PidFiles.EndOrphans());

        Assert.False(stranger.HasExited);
        Assert.Empty(bench.Pids);
        stranger.Kill();
    }

    [Fact]
    public async Task Processes_end_with_the_thread_that_started_them_and_so_with_a_killed_gateway()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux()
            && File.Exists("/usr/bin/setpriv"), "setpriv is not installed: install it (on Debian: apt-get install util-linux).");
        var starter = new ProcessStarter();
        using var process =
            await starter.StartAsync(new ImageOptions { Command = "/bin/sh", Args = { "-c", "echo up; exec sleep 1000" } }, 1);
        // A child that has not executed the program yet has not requested the signal either.
        Assert.Equal("up", await process.StandardOutput.ReadLineAsync(Cancellation));

        starter.Dispose();

        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(128 + 9, process.ExitCode);
    }

    [Fact]
    public void Ports_that_are_lent_are_not_lent_twice()
    {
        var ports = new FreePorts();
        var allocated = Enumerable.Range(0, 100).Select(_ => ports.Allocate()).ToArray();

        Assert.Equal(100, allocated.Distinct().Count());
        Assert.False(FreePorts.IsTaken(allocated[0]));
    }

    [Fact]
    public void Images_that_could_never_start_are_faults_of_the_settings()
    {
        var options = new AppOptions();
        options.Processes.Images["empty"] = new ImageOptions();
        options.Processes.Images["a"] = new ImageOptions { Image = "twice:1", Command = "a", WorkingDirectory = "/no/such/folder" };
        options.Processes.Images["b"] = new ImageOptions { Image = "twice:1", Command = "b" };
        options.Processes.StartTimeout = TimeSpan.Zero;

        var validator = new ProcessOptionsValidator(new HostingEnvironment { EnvironmentName = "Development" });
        var faults = validator.Validate(null, options).Failures!.ToArray();

        Assert.Equal(
        [
            "Apps:Processes:StartTimeout: The field StartTimeout must be between 00:00:01 and 00:10:00.",
            "Apps:Processes:Images:empty:Command: is missing; name the program that runs this image.",
            "Apps:Processes:Images:a:WorkingDirectory: there is no folder /no/such/folder.",
            "Apps:Processes:Images: names the image 'twice:1' more than once.",
        ], faults);
    }

    private static bool IsZombie(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
