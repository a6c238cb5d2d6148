using System.Net;
using Codius.Web.Balances;
using Codius.Web.Balances.Notes;
using OpenPayments.Net;
using OpenPayments.Net.Grants;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>
/// The grants and tokens cancelled before they expired, for all gateways on one Redis; each is kept until it would have expired, or until
/// the host has too many notes and its client the most of them.
/// </summary>
/// <remarks>
/// A forgotten one costs its client alone: a token is good only with a signature by the key that asked for the grant, and that key
/// gets another grant like it for the asking. It can be used again until it ends; of a rotated token there are two again.
/// </remarks>
internal sealed class NotedCancelledGrants(BoundedNotes notes) : ICancelledGrants
{
    public async ValueTask<bool> IsCancelledAsync(string grantId, string tokenId, CancellationToken cancellation)
    {
        var found = await RunAsync(() => notes.HaveAsync(NoteOf(grantId), NoteOf(tokenId)));
        return found[0] || found[1];
    }

    public ValueTask<bool> CancelAsync(string id, DateTimeOffset until, IPAddress? from, CancellationToken cancellation) =>
        RunAsync(() => notes.TryAddAsync(NoteOf(id), from, until));

    private static string NoteOf(string id) => "grant:" + id;

    private static async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> command)
    {
        try
        {
            return await command();
        }
        catch (LedgerUnavailableException exception)
        {
            throw new OpenPaymentsUnavailableException("Grants cannot be checked.", exception);
        }
    }
}
