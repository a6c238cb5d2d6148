using Microsoft.AspNetCore.Http;

namespace OpenPayments.Net.Grants;

/// <summary>Keeps grants for one account to a rate, if the program adds one. It is asked before anybody's keys are fetched.</summary>
public interface IGrantDoor
{
    /// <summary>True if the request may go on; otherwise it has been answered.</summary>
    ValueTask<bool> EnterAsync(HttpContext context, string account);
}
