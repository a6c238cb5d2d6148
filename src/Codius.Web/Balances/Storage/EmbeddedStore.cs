#if EMBEDDED_REDIS
using System.Net.Sockets;
using Codius.EmbeddedRedis;
using Codius.Web.Hosting;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Starts Redis inside the gateway, under the data folder.</summary>
internal static class EmbeddedStore
{
    public static (IDisposable Server, ConfigurationOptions Connection) Start(DataFolder folder)
    {
        var path = Path.Combine(folder.Path, "redis");
        try
        {
            var server = EmbeddedRedisServer.Start(path);
            var connection = new ConfigurationOptions { ConfigurationChannel = "", TieBreaker = "" };
            connection.EndPoints.Add(new UnixDomainSocketEndPoint(server.SocketPath));
            return (server, connection);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Whatever kept it from starting: without its ledger the gateway must not start either.
            throw new StartupFaultException($"The embedded Redis cannot start on {path}: {fault.Message}", fault);
        }
    }
}
#endif
