using System.Net.Sockets;
using Garnet;
using Garnet.server;
using Tsavorite.core;

namespace Codius.EmbeddedRedis;

/// <summary>
/// Redis inside the process (Garnet), for a gateway without a Redis server. Every write is in the append-only file before it is
/// answered, and is recovered at the next start. Only one process at a time may use a folder; the caller must ensure that.
/// </summary>
public sealed class EmbeddedRedisServer : IDisposable
{
    // The operating system limits a Unix socket's path to 108 bytes, on some systems to 104.
    private const int LongestSocketPath = 100;

    // A session blocks a thread of the pool until its commit is written: with only as many threads as cores the store starved its own
    // commits, and a loaded machine did not start. The gateway has a few sessions; for more of them the pool adds threads by itself
    // (Codius.Web.csproj). 32 threads at any time, of which visits keep waking others, cost a visit a fifth of its processor time.
    private const int LeastThreads = 8;

    private readonly GarnetServer _server;
    private readonly DirectoryInfo? _socketFolder;

    private EmbeddedRedisServer(GarnetServer server, string socketPath, DirectoryInfo? socketFolder)
    {
        _server = server;
        _socketFolder = socketFolder;
        SocketPath = socketPath;
    }

    /// <summary>The Unix socket it listens on; only the user who started it can open it.</summary>
    public string SocketPath { get; }

    /// <summary>Starts the server on a folder and returns when the folder's data is recovered.</summary>
    /// <param name="folder">The folder of its files; created if it does not exist.</param>
    /// <param name="appendOnlyLimit">How large the append-only file may grow before a checkpoint is made and the file is truncated.</param>
    public static EmbeddedRedisServer Start(string folder, string appendOnlyLimit = "64m")
    {
        // Not by the engine's own setting: that would take threads from a process that has more.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        if (workers < LeastThreads) ThreadPool.SetMinThreads(LeastThreads, completions);
        // Its files hold the money of all accounts: for this user alone.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var socket = Path.GetFullPath(Path.Combine(folder, "redis.sock"));
        // A deep folder: the socket is in a private temporary folder instead.
        var elsewhere = socket.Length > LongestSocketPath ? Directory.CreateTempSubdirectory("codius-") : null;
        if (elsewhere is not null) socket = Path.Combine(elsewhere.FullName, "redis.sock");
        File.Delete(socket); // of a process that was killed
        var sockets = new CommittingServer(
            new UnixDomainSocketEndPoint(socket), socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var server = new GarnetServer(Options(folder, socket, appendOnlyLimit), servers: [sockets]);
        sockets.Store = server.Store;
        try
        {
            server.Start();
        }
        catch
        {
            server.Dispose(deleteDir: false);
            throw;
        }
        return new EmbeddedRedisServer(server, socket, elsewhere);
    }

    public void Dispose()
    {
        _server.Dispose(deleteDir: false);
        File.Delete(SocketPath);
        _socketFolder?.Delete();
    }

    private static GarnetServerOptions Options(string folder, string socket, string appendOnlyLimit) => new()
    {
        EndPoints = [new UnixDomainSocketEndPoint(socket)],
        UnixSocketPath = socket,

        // A write is answered when it is in the append-only file: the connections commit before they answer.
        EnableAOF = true,
        CommitFrequencyMs = -1,
        WaitForCommit = false,
        AofMemorySize = "64m",
        AofPageSize = "8m",
        AofSegmentSize = "16m", // the file is truncated by whole segments
        AofSizeLimit = appendOnlyLimit,
        Recover = true,
        FailOnRecoveryError = true,
        CheckpointDir = folder,

        // Accounts that do not fit into memory move to disk; without this Garnet would lose them.
        EnableStorageTier = true,
        LogDir = folder,
        LogMemorySize = "256m",
        PageSize = "4m",
        IndexMemorySize = "16m",
        DeviceType = DeviceType.RandomAccess, // .NET's file API; the other types need native libraries

        EnableLua = true,
        LuaTransactionMode = true,
        LuaOptions = new LuaOptions(),
        QuietMode = true,
    };
}
