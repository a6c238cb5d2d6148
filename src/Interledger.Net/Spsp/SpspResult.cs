using System.Diagnostics.CodeAnalysis;

namespace Interledger.Net.Spsp;

/// <summary>What came of a look-up: an answer to pay to, or the reason why there is none.</summary>
public sealed record SpspResult
{
    /// <summary>The answer; null if the look-up failed.</summary>
    public SpspResponse? Response { get; init; }

    /// <summary>Why there is no answer.</summary>
    public SpspFailure Failure { get; init; }

    /// <summary>The HTTP status, if one came.</summary>
    public int? Status { get; init; }

    /// <summary>What is wrong with the body, if that is the failure.</summary>
    public WireError Error { get; init; }

    /// <summary>The failure in a sentence; names the URL, never a secret.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Whether there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Response))]
    public bool IsFound => Response is not null;
}
