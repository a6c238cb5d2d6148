using Codius.Web.Hosting;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// Records the running processes in files under the data folder, so that the next start ends those a killed gateway left behind.
/// The folder is locked by one gateway at a time, so at the start every file is an orphan's; a process that got the same id since
/// is distinguished by its <see cref="ProcessIdentity"/> and left alone.
/// </summary>
internal sealed class PidFiles(DataFolder data)
{
    private readonly string _folder = Path.Combine(data.Path, "processes");

    /// <summary>
    /// A gateway killed between the start of a process and this call leaves an orphan, unless the system ends it with its parent
    /// (see <see cref="ProcessStarter"/>).
    /// </summary>
    public void Write(int pid)
    {
        // First: a process that has ended already gets no file, but its file is deleted like all others.
        Directory.CreateDirectory(_folder);
        if (ProcessIdentity.Of(pid) is not { } process) return;
        File.WriteAllLines(FileOf(pid), [$"{process.Pid}", process.Start]);
    }

    public void Delete(int pid) => File.Delete(FileOf(pid));

    /// <summary>Kills the processes an earlier gateway left running; returns their ids.</summary>
    public IReadOnlyList<int> EndOrphans()
    {
        if (!Directory.Exists(_folder)) return [];
        var ended = new List<int>();
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            // A gateway that died while it wrote leaves an incomplete file.
            if (File.ReadAllLines(file) is [var id, var start] && int.TryParse(id, out var pid) && new ProcessIdentity(pid, start).IsAlive)
            {
                Signals.Kill(pid);
                ended.Add(pid);
            }
            File.Delete(file);
        }
        return ended;
    }

    private string FileOf(int pid) => Path.Combine(_folder, $"{pid}.pid");
}
