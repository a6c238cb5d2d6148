#if EMBEDDED_REDIS
using System.Net.Sockets;
using Codius.EmbeddedRedis;
using Codius.Web.Hosting;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Starts Redis inside the gateway, under the data folder.</summary>
internal static class EmbeddedStore
{
    public static (IDisposable Server, ConfigurationOptions Connection) Start(string path)
    {
        try
        {
            var server = EmbeddedRedisServer.Start(path);
            var connection = new ConfigurationOptions { ConfigurationChannel = "", TieBreaker = "" };
            connection.EndPoints.Add(new UnixDomainSocketEndPoint(server.SocketPath));
            return (server, connection);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Whatever the cause: without its ledger the gateway must not start.
            throw new StartupFaultException($"The embedded Redis cannot start on {path}: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// Ensures that a folder that was used before was recovered: Garnet ignores files that it cannot read and would start empty. A
    /// marker file beside the store records that there are balances in it.
    /// </summary>
    public static void EnsureRecovered(IConnectionMultiplexer connection, string path)
    {
        var used = Path.Combine(path, "in-use");
        if (connection.GetDatabase().StringSet(BalanceKeys.Epoch, 1, when: When.NotExists) && File.Exists(used))
            throw new StartupFaultException(
                $"The balances in {path} cannot be read: its files are damaged or were removed. Put back a backup of the folder "
                + "(docs/backup.md).");
        File.WriteAllText(used, "This folder holds balances. The gateway does not start if it finds none in it.\n");
    }
}
#endif
