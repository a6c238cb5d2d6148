using System.Text;
using Codius.Testing;
using Codius.Web.Visits.AccessLog;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Visits.AccessLog;

/// <summary>The files of the access log.</summary>
public sealed class AccessLogOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_file_is_renamed_and_only_so_many_are_kept()
    {
        await using var output = Output(max: 100, kept: 2);
        foreach (var letter in "abcd") await WriteAsync(output, new string(letter, 60));

        Assert.Equal(["access.log", "access.log.1", "access.log.2"], Files());
        Assert.Equal(
            [new string('d', 60), new string('c', 60), new string('b', 60)],
            [Read("access.log"), Read("access.log.1"), Read("access.log.2")]);
    }

    [Fact]
    public async Task Without_kept_files_a_full_one_begins_anew()
    {
        await using var output = Output(max: 100, kept: 0);
        foreach (var letter in "ab") await WriteAsync(output, new string(letter, 60));

        Assert.Equal(["access.log"], Files());
        Assert.Equal(new string('b', 60), Read("access.log"));
    }

    [Fact]
    public async Task A_file_that_another_gateway_of_before_left_is_continued()
    {
        await File.WriteAllTextAsync(_folder["access.log"], "before ", TestContext.Current.CancellationToken);
        await using var output = Output(max: 100, kept: 1);
        await WriteAsync(output, "after");

        Assert.Equal("before after", Read("access.log"));
    }

    [Fact]
    public async Task After_a_failure_the_file_is_opened_anew()
    {
        Directory.CreateDirectory(_folder["access.log"]); // where no file can be
        await using var output = Output(max: 100, kept: 1);
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(output, "lost"));
        Directory.Delete(_folder["access.log"]);
        await WriteAsync(output, "written");

        Assert.Equal("written", Read("access.log"));
    }

    private AccessLogOutput Output(long max, int kept) => new(Options.Create(
        new AccessLogOptions { Ratio = 1, File = _folder["access.log"], MaxFileSize = max, KeptFiles = kept }));

    private static Task WriteAsync(AccessLogOutput output, string text) => output.WriteAsync(Encoding.UTF8.GetBytes(text));

    private IEnumerable<string> Files() => Directory.GetFiles(_folder.Path).Select(file => Path.GetFileName(file)!).Order();

    private string Read(string file)
    {
        using var stream = new FileStream(_folder[file], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
