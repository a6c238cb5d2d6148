using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// The receiving end of STREAM (RFC 29), stateless: the state of a connection is encrypted in the address of every packet, so any replica
/// with the same secret can receive any packet. It issues addresses, and decides on each packet in two phases, because the caller's ledger
/// credits in between. Thread-safe.
/// <code>
/// packet -> ours? F02 -> in time? R02 -> token? F06 -> decrypt F06 -> STREAM? F00 -> close? F99 -> enough? F99 -> condition? F99
///        -> amount 0: Fulfill      otherwise: IncomingMoney -> (credit) -> Fulfill | Reject | Close
/// </code>
/// </summary>
public sealed class StreamReceiver
{
    private const int StackLimit = 1024;

    private readonly StreamReceiverOptions _options;
    private readonly ReceiverIdentity _identity;
    private readonly AddressTokens _tokens;
    private readonly ConnectionCache _connections;

    /// <summary>Creates a receiver.</summary>
    /// <param name="options">Its address, asset, secrets and limits.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public StreamReceiver(StreamReceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _identity = new ReceiverIdentity(options.Address, options.AssetCode, options.AssetScale);
        _tokens = new AddressTokens(options.Secret, options.PreviousSecrets);
        _connections = new ConnectionCache(options.CachedConnections);
    }

    /// <summary>Creates a new address and shared secret for one sender; nothing is stored.</summary>
    /// <param name="claims">The claims to encrypt in the address.</param>
    /// <returns>
    /// An address under <see cref="StreamReceiverOptions.Address"/> of at most 321 characters more, and the secret that goes with it.
    /// </returns>
    /// <exception cref="ArgumentException">The claims have receipts and an incoming payment's terms.</exception>
    public StreamCredentials Create(StreamTokenClaims claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        if (claims.Receipts is not null && !claims.IncomingPaymentTerms.IsEmpty)
            throw new ArgumentException("An address has no room for receipts beside an incoming payment's terms.", nameof(claims));
        var (token, secret) = _tokens.Create(claims);
        return new StreamCredentials(_options.Address.Append(token), secret);
    }

    /// <summary>Reads the claims of an address of this receiver.</summary>
    /// <param name="address">An address that <see cref="Create"/> issued, possibly with further segments appended.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="error"><see cref="WireError.NotAuthentic"/>, or <see cref="WireError.Expired"/>.</param>
    /// <returns>False when it is not this receiver's, or has expired.</returns>
    public bool TryReadClaims(IlpAddress address, [NotNullWhen(true)] out StreamTokenClaims? claims, out WireError error)
    {
        claims = null;
        Span<byte> ascii = stackalloc byte[address.Length];
        address.CopyTo(ascii);
        if (!_identity.TryFindToken(ascii, out var token) || !_tokens.TryOpen(token, out var opened))
            error = WireError.NotAuthentic;
        else if (opened.Claims.ExpiresAt <= _options.TimeProvider.GetUtcNow())
            error = WireError.Expired;
        else
            (claims, error) = (opened.Claims, WireError.None);
        return claims is not null;
    }

    /// <summary>Decides on a packet.</summary>
    /// <param name="packet">The bytes of a Prepare and nothing after them.</param>
    /// <param name="decision">A finished reply, or money that waits for an answer.</param>
    /// <param name="error">Why not; see <see cref="IlpPrepareView.TryRead"/>.</param>
    /// <returns>False when the bytes are not a valid Prepare and so cannot be answered.</returns>
    public bool TryReceive(ReadOnlySpan<byte> packet, out StreamDecision decision, out WireError error)
    {
        var valid = IlpPrepareView.TryRead(packet, out var prepare, out error);
        decision = valid ? Receive(prepare) : default;
        return valid;
    }

    /// <summary>Decides on a Prepare.</summary>
    /// <param name="prepare">The Prepare; not kept.</param>
    /// <returns>A finished reply, or money that waits for an answer.</returns>
    public StreamDecision Receive(in IlpPrepareView prepare)
    {
        if (!_identity.TryFindToken(prepare.Destination, out var token))
            return Refuse(StreamOutcome.NotMine, IlpErrorCode.F02Unreachable, "not an address of this receiver"u8);

        var now = _options.TimeProvider.GetUtcNow();
        if (prepare.ExpiresAt - now < _options.MinimumWindow)
            return Refuse(StreamOutcome.TooLate, IlpErrorCode.R02InsufficientTimeout, "too little time left"u8);
        // A sender whose clock is ahead must not lose its payment. As a connector does, the packet is held for less time than it allows:
        // who sends it accepts an answer until its own expiry, so an earlier end costs no one.
        var latest = now + _options.MaximumWindow;
        var expiresAt = prepare.ExpiresAt < latest ? prepare.ExpiresAt : latest;

        if (!TryFindConnection(token, out var connection, out var isNew))
            return Refuse(StreamOutcome.UnknownAddress, IlpErrorCode.F06UnexpectedPayment, "not an address this receiver gave out"u8);
        if (connection.Claims.ExpiresAt <= now)
            return Refuse(StreamOutcome.ExpiredAddress, IlpErrorCode.F06UnexpectedPayment, "the address has expired"u8);

        byte[]? rented = null;
        var room = prepare.Data.Length <= StackLimit
            ? stackalloc byte[StackLimit]
            : rented = ArrayPool<byte>.Shared.Rent(prepare.Data.Length);
        try
        {
            if (connection.Keys.TryOpen(prepare.Data, room, out var length, out _))
            {
                // Added only after authentication: a sender without a key of ours cannot evict others' connections.
                if (isNew)
                    _connections.Add(connection);
                return Decide(prepare, connection, expiresAt, room[..length]);
            }

            if (isNew)
                connection.Keys.Dispose();
            return Refuse(StreamOutcome.NotAuthentic, IlpErrorCode.F06UnexpectedPayment, "cannot be decrypted"u8);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private StreamDecision Decide(
        in IlpPrepareView prepare, StreamConnection connection, DateTimeOffset expiresAt, ReadOnlySpan<byte> plaintext)
    {
        if (!StreamPacketView.TryRead(plaintext, out var request, out _) || request.PacketType != IlpPacketType.Prepare)
            return Refuse(StreamOutcome.NotUnderstood, IlpErrorCode.F00BadRequest, "not a STREAM packet for a Prepare"u8);

        bool closes = false, asksAsset = false;
        var frames = request.Frames;
        while (frames.TryReadNext())
        {
            closes |= frames.Type == StreamFrameType.ConnectionClose;
            asksAsset |= frames.Type == StreamFrameType.ConnectionNewAddress;
        }

        var writer = new ReplyWriter(_identity, connection.Keys, request.Sequence, prepare.Amount, asksAsset);
        if (closes)
            return new StreamDecision(StreamOutcome.Closed, writer.Close(new ConnectionCloseFrame(StreamErrorCode.NoError, "")));
        if (prepare.Amount < request.PrepareAmount)
            return new StreamDecision(
                StreamOutcome.BelowMinimum, writer.Reject(IlpErrorCode.F99ApplicationError, "less arrived than was asked for"u8, []));

        // As every receiver must: fulfill only if the sender derived the condition from this data.
        var fulfillment = connection.Keys.Fulfill(prepare.Data);
        var condition = fulfillment.Condition;
        if (condition != new IlpCondition(prepare.ExecutionCondition))
            return new StreamDecision(
                StreamOutcome.Probe, writer.Reject(IlpErrorCode.F99ApplicationError, "the condition cannot be fulfilled"u8, []));
        if (prepare.Amount == 0)
            return new StreamDecision(StreamOutcome.FulfilledNothing, writer.Fulfill(fulfillment, []));
        return new StreamDecision(new IncomingMoney(writer, connection.Claims, expiresAt, condition, fulfillment));
    }

    private bool TryFindConnection(ReadOnlySpan<byte> token, [NotNullWhen(true)] out StreamConnection? connection, out bool isNew)
    {
        isNew = false;
        if (_connections.TryGet(token, out connection))
            return true;
        if (!_tokens.TryOpen(token, out var opened))
            return false;
        isNew = true;
        connection = new StreamConnection(token.ToArray(), opened.Claims, new StreamKeys(opened.SharedSecret));
        return true;
    }

    private StreamDecision Refuse(StreamOutcome outcome, IlpErrorCode code, ReadOnlySpan<byte> message) =>
        new(outcome, _identity.Reject(code, message));
}
