namespace OpenPayments.Net;

/// <summary>What the program keeps for the receiver could not be read or written; the client is told to try again shortly.</summary>
public sealed class OpenPaymentsUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
