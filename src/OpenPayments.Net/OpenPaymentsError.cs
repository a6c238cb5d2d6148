namespace OpenPayments.Net;

/// <summary>An error response of Open Payments and GNAP: <c>{"error":{"code","description"}}</c>.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">GNAP error code (RFC 9635, 3.6), or a word of Open Payments for the resource server.</param>
/// <param name="Description">What is wrong and what to do, for a person.</param>
internal sealed record OpenPaymentsError(int Status, string Code, string Description)
{
    /// <summary>400: the request is malformed or requests what is not granted here.</summary>
    public static OpenPaymentsError InvalidRequest(string description) => new(400, "invalid_request", description);

    /// <summary>400: the client, or its key, is not known.</summary>
    public static OpenPaymentsError UnknownClient(string description) => new(400, "invalid_client", description);

    /// <summary>401: the signature is missing or wrong.</summary>
    public static OpenPaymentsError BadSignature(string description) => new(401, "invalid_client", description);

    /// <summary>401: the grant token is unknown, expired or cancelled.</summary>
    public static OpenPaymentsError InvalidToken(string description) => new(401, "invalid_token", description);

    /// <summary>401: the continuation token does not belong to this grant, or the grant is gone.</summary>
    public static OpenPaymentsError InvalidContinuation(string description) => new(401, "invalid_continuation", description);

    /// <summary>403: the grant does not allow this.</summary>
    public static OpenPaymentsError Forbidden(string description) => new(403, "insufficient_grant", description);

    /// <summary>404: there is no such resource, or the grant must not see it.</summary>
    public static OpenPaymentsError NotFound(string description) => new(404, "not_found", description);

    /// <summary>429: the client must wait before its next request.</summary>
    public static OpenPaymentsError TooFast(string description) => new(429, "too_fast", description);

    /// <summary>413: the body is larger than any request of this protocol.</summary>
    public static OpenPaymentsError TooLarge { get; } = new(413, "invalid_request", "The body is larger than 64 KiB.");
}
