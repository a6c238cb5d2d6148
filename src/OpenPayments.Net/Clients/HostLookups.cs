using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace OpenPayments.Net.Clients;

/// <summary>
/// Looks up hosts that others choose. The system's resolver blocks a thread for as long as a host's name server is silent, so each look-up
/// has a thread of its own, and there are so many at a time: the threads that answer requests are never blocked by strangers.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A thread may release its place after the client is gone.")]
internal sealed class HostLookups
{
    /// <summary>Look-ups at a time for strangers; one more waits until its fetch's time is up.</summary>
    public const int Strangers = 192;

    /// <summary>Look-ups at a time for those that were good before.</summary>
    public const int Known = 64;

    private readonly SemaphoreSlim _strangers = new(Strangers);
    private readonly SemaphoreSlim _known = new(Known);
    private readonly Func<string, IPAddress[]> _resolve;

    /// <param name="resolve">Blocks; null for the system's resolver.</param>
    public HostLookups(Func<string, IPAddress[]>? resolve = null) => _resolve = resolve ?? Dns.GetHostAddresses;

    /// <summary>The host's addresses; none if it has none, or they cannot be had.</summary>
    public async Task<IPAddress[]> FindAsync(string host, bool isKnown, CancellationToken cancellation)
    {
        var places = isKnown ? _known : _strangers;
        await places.WaitAsync(cancellation);
        Task<IPAddress[]> lookup;
        try
        {
            lookup = Task.Factory.StartNew(
                () => Resolve(host, places), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch
        {
            places.Release(); // no thread could be made
            throw;
        }
        return await lookup.WaitAsync(cancellation);
    }

    // The caller may have given up long before: the place is free when the thread is.
    private IPAddress[] Resolve(string host, SemaphoreSlim places)
    {
        try
        {
            return _resolve(host);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return [];
        }
        finally
        {
            places.Release();
        }
    }
}
