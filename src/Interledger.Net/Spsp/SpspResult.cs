using System.Diagnostics.CodeAnalysis;

namespace Interledger.Net.Spsp;

/// <summary>The result of a query: a response that can be paid, or the failure.</summary>
public sealed record SpspResult
{
    /// <summary>The response; null if the query failed.</summary>
    public SpspResponse? Response { get; init; }

    /// <summary>Why the query failed.</summary>
    public SpspFailure Failure { get; init; }

    /// <summary>The HTTP status, if there was a response.</summary>
    public int? Status { get; init; }

    /// <summary>The error in the body, if that is the failure.</summary>
    public WireError Error { get; init; }

    /// <summary>The failure as a sentence; contains the URL, never a secret.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Whether there is a response.</summary>
    [MemberNotNullWhen(true, nameof(Response))]
    public bool IsFound => Response is not null;
}
