namespace OpenPayments.Net;

/// <summary>A store of the program, or a client's host, is unavailable; the client gets 503 with <c>Retry-After</c>.</summary>
public sealed class OpenPaymentsUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
